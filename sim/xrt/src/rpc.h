// SPDX-License-Identifier: Apache-2.0
// Messages between XRT's emulation and a simulator: protocol-buffer fields behind a small header (docs/xrt.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sapulse::sim::xrt {

/// Calls. All but the last two come from XRT.
enum class Api : std::uint32_t {
  close = 1,
  alloc_device_buffer = 4,
  free_device_buffer = 5,
  copy_host_to_device = 6,
  copy_device_to_host = 7,
  write_device_memory = 8,
  write_register = 9,
  read_device_memory = 10,
  read_register = 11,
  read_trace = 16,
  timestamp = 17,
  debug_messages = 19,
  set_environment = 20,
  read_host_memory = 34,
  write_host_memory = 35,
};

/// Longest body that is taken: the largest copy of XRT, with room for its other fields.
inline constexpr std::uint64_t kBodyLimit = 96ULL << 20;

inline constexpr std::size_t kCallHeaderBytes = 14;
inline constexpr std::size_t kAnswerHeaderBytes = 9;

struct CallHeader {
  std::uint64_t bytes;  ///< of the body
  Api api;
};

/// A header as it stands on the socket; nothing where it is malformed or announces more than body_limit.
[[nodiscard]] std::optional<CallHeader> parse_call_header(std::string_view header);
[[nodiscard]] std::optional<std::uint64_t> parse_answer_header(std::string_view header);
[[nodiscard]] std::string make_call(Api api, std::string_view body);
[[nodiscard]] std::string make_answer(std::string_view body);

/// The fields of a body. Of a field that comes more than once the last one counts.
class Fields {
 public:
  /// `body` must outlive the object. Nothing where it is malformed.
  [[nodiscard]] static std::optional<Fields> parse(std::string_view body);

  /// 0 or empty where there is no such field.
  [[nodiscard]] std::uint64_t number(unsigned field) const;
  [[nodiscard]] std::string_view bytes(unsigned field) const;

 private:
  std::map<unsigned, std::uint64_t> numbers_;
  std::map<unsigned, std::string_view> bytes_;
};

class FieldWriter {
 public:
  FieldWriter& number(unsigned field, std::uint64_t value);
  FieldWriter& bytes(unsigned field, std::string_view value);
  [[nodiscard]] const std::string& body() const { return body_; }

 private:
  void varint(std::uint64_t value);
  std::string body_;
};

/// The body of an answer that says that the call has failed.
[[nodiscard]] std::string failed_body(Api api);

}  // namespace sapulse::sim::xrt
