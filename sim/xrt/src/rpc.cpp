// SPDX-License-Identifier: Apache-2.0
#include "rpc.h"

#include <bit>

namespace sapulse::sim::xrt {
namespace {

static_assert(std::endian::native == std::endian::little, "the messages are little-endian");

// Fields of the headers: 1, the size of the body, 64 bits; 2, the call, 32 bits.
constexpr char kSizeTag = 1 << 3 | 1;
constexpr char kApiTag = 2 << 3 | 5;

enum Wire : unsigned { wire_varint = 0, wire_64 = 1, wire_bytes = 2, wire_32 = 5 };

template <class T>
T load(std::string_view from) {
  T value{};
  from.copy(reinterpret_cast<char*>(&value), sizeof(value));
  return value;
}

template <class T>
void store(std::string& to, T value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

/// Takes what it returns off the front of a body.
class Reader {
 public:
  explicit Reader(std::string_view body) : rest_(body) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }

  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return std::nullopt;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    return std::nullopt;
  }

  std::optional<std::string_view> bytes(std::uint64_t count) {
    if (count > rest_.size()) return std::nullopt;
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<CallHeader> parse_call_header(std::string_view header) {
  if (header.size() != kCallHeaderBytes || header[9] != kApiTag) return std::nullopt;
  const auto bytes = parse_answer_header(header.substr(0, kAnswerHeaderBytes));
  if (!bytes) return std::nullopt;
  return CallHeader{*bytes, static_cast<Api>(load<std::uint32_t>(header.substr(10)))};
}

std::optional<std::uint64_t> parse_answer_header(std::string_view header) {
  if (header.size() != kAnswerHeaderBytes || header[0] != kSizeTag) return std::nullopt;
  const auto bytes = load<std::uint64_t>(header.substr(1));
  if (bytes > kBodyLimit) return std::nullopt;
  return bytes;
}

std::string make_call(Api api, std::string_view body) {
  std::string call(1, kSizeTag);
  store(call, std::uint64_t{body.size()});
  call.push_back(kApiTag);
  store(call, static_cast<std::uint32_t>(api));
  return call.append(body);
}

std::string make_answer(std::string_view body) {
  std::string answer(1, kSizeTag);
  store(answer, std::uint64_t{body.size()});
  return answer.append(body);
}

std::optional<Fields> Fields::parse(std::string_view body) {
  Fields fields;
  Reader reader(body);
  while (!reader.done()) {
    const auto key = reader.varint();
    if (!key || *key >> 3 == 0 || *key >> 32 != 0) return std::nullopt;
    const auto field = static_cast<unsigned>(*key >> 3);
    const auto wire = static_cast<unsigned>(*key & 7);
    if (wire == wire_varint) {
      const auto value = reader.varint();
      if (!value) return std::nullopt;
      fields.numbers_[field] = *value;
    } else if (wire == wire_64 || wire == wire_32) {
      const auto value = reader.bytes(wire == wire_64 ? 8 : 4);
      if (!value) return std::nullopt;
      fields.numbers_[field] = wire == wire_64 ? load<std::uint64_t>(*value) : load<std::uint32_t>(*value);
    } else if (wire == wire_bytes) {
      const auto count = reader.varint();
      const auto value = count ? reader.bytes(*count) : std::nullopt;
      if (!value) return std::nullopt;
      fields.bytes_[field] = *value;
    } else {
      return std::nullopt;
    }
  }
  return fields;
}

std::uint64_t Fields::number(unsigned field) const {
  const auto found = numbers_.find(field);
  return found == numbers_.end() ? 0 : found->second;
}

std::string_view Fields::bytes(unsigned field) const {
  const auto found = bytes_.find(field);
  return found == bytes_.end() ? std::string_view{} : found->second;
}

void FieldWriter::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) body_.push_back(static_cast<char>(value | 0x80));
  body_.push_back(static_cast<char>(value));
}

FieldWriter& FieldWriter::number(unsigned field, std::uint64_t value) {
  varint(std::uint64_t{field} << 3 | wire_varint);
  varint(value);
  return *this;
}

FieldWriter& FieldWriter::bytes(unsigned field, std::string_view value) {
  varint(std::uint64_t{field} << 3 | wire_bytes);
  varint(value.size());
  body_.append(value);
  return *this;
}

std::string failed_body(Api api) {
  switch (api) {
    case Api::read_trace:
    case Api::debug_messages:
      return {};
    case Api::copy_device_to_host:
    case Api::read_register:
    case Api::read_device_memory:
      return FieldWriter().number(1, 0).bytes(2, {}).body();
    default:  // 1 is the acknowledgement, or the number of bytes
      return FieldWriter().number(1, 0).body();
  }
}

}  // namespace sapulse::sim::xrt
