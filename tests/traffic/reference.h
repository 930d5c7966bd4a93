// SPDX-License-Identifier: Apache-2.0
// The reference responder: what a card must do with each frame, said in plain C++ on OpenSSL.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bytes.h"
#include "config.h"
#include "dissect.h"
#include "message.h"

namespace sapulse::traffic {

/// What becomes of a frame from the line side.
enum class Outcome { passed, answered, echo_answered, keepalive, host, dropped };

/// A frame that the card (or its host, for errors) must send.
struct Answer {
  enum class Kind { reply, echo, host_echo, error };
  Kind kind = Kind::echo;
  Bytes head{};                     ///< the frame up to its nested packet; all of it when there is none
  const Association* sa = nullptr;  ///< reply: seals the nested packet with its outbound half
  std::uint64_t n = 0;              ///< reply: control sequence number
  Bytes plaintext{};                ///< reply: telemetry fields as far as they are known (times zero)
  bool telemetry = false;
  std::size_t udp = 0;  ///< reply in UDP over IPv6: offset of the UDP header, whose checksum is 0 in `head`
  unsigned code = 0;    ///< error: why

  /// The exact frame; a telemetry reply with the given fields filled in.
  [[nodiscard]] Bytes frame(const std::optional<Telemetry>& filled = std::nullopt) const;
  /// Whether a frame has this head, whatever follows it.
  [[nodiscard]] bool begins(View sent) const;
  /// Reads the telemetry fields out of what the card sent; nothing when it does not open or has another size.
  [[nodiscard]] std::optional<Telemetry> telemetry_of(View sent) const;
};

/// The reference's word on one frame.
struct Verdict {
  Outcome outcome = Outcome::passed;
  std::string counter{};               ///< the one of PASSED, ANSWERED, ..., DROP_* that counts this frame
  bool fragment = false;               ///< FRAGMENTS counts it as well
  bool host_copy = false;              ///< passed or dropped, and an exception besides (HOST_COPIES or COPIES_LIMITED)
  std::string cause{};                 ///< exception cause, for instance "UNKNOWN_SPI"
  std::optional<Answer> answer{};      ///< what has to be sent; errors may be held back by rate limits
  std::optional<std::uint32_t> spi{};  ///< inbound SPI whose replay window accepts `n`
  std::uint64_t n = 0;
  std::optional<std::uint32_t> data_spi{};  ///< customer packet of this SA, sequence number `data_sequence`
  std::uint32_t data_sequence = 0;
};

/// Whether serial number `a` is later than `b`, or as late (RFC 1982).
inline bool is_later(std::uint32_t a, std::uint32_t b) { return (a - b) >> 31 == 0; }

/// Replay window of 128 over 64-bit numbers (RFC 4303 section 3.4.3).
class ReplayWindow {
 public:
  static constexpr std::uint64_t kWidth = 128;
  [[nodiscard]] bool fresh(std::uint64_t n) const;
  void accept(std::uint64_t n);

 private:
  std::uint64_t top_ = 0;
  std::vector<bool> seen_ = std::vector<bool>(kWidth);
};

/// Not thread-safe. Answers point to associations owned by the reference: they live until the SA is replaced or
/// removed.
class Reference {
 public:
  explicit Reference(Config config);

  /// Says what must happen to a frame, without remembering it.
  [[nodiscard]] Verdict judge(View frame) const;
  /// Remembers a verdict: windows and sequence numbers move on.
  void commit(const Verdict& verdict);
  /// judge and commit.
  Verdict process(View frame);

  /// Adds or replaces an SA (fresh window, sequence numbers from out.next) or removes it.
  void install(const Association& sa);
  void remove(std::uint32_t inbound_spi);

  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct State {
    Association sa;
    ReplayWindow window;
    std::uint64_t next = 1;
    std::optional<std::uint32_t> data_sequence;
  };

  /// What a clear error is about.
  struct Offence {
    std::uint32_t spi;  ///< of the offending ESP packet
    std::uint32_t sequence;
    std::uint32_t subject;
    std::uint32_t transaction = 0;
    std::uint64_t token_nonce = 0;
  };

  [[nodiscard]] bool for_us(const Dissected& at) const;
  [[nodiscard]] bool unanswerable(const Dissected& at) const;
  [[nodiscard]] Verdict judge_customer(const Dissected& at) const;
  [[nodiscard]] Verdict judge_reserved(View frame, const Dissected& at, Action action) const;
  [[nodiscard]] Verdict judge_answerable(View frame, const Dissected& at, Action action) const;
  [[nodiscard]] static Verdict judge_echo(View frame, const Dissected& at);
  [[nodiscard]] Verdict judge_control(View frame, const Dissected& at) const;
  [[nodiscard]] Verdict judge_nested(View message, const Dissected& at, const State& state) const;
  [[nodiscard]] Answer reply(View message, const Dissected& at, const State& state, Bytes plaintext) const;
  [[nodiscard]] Telemetry telemetry_of(const State& state) const;
  [[nodiscard]] Verdict judge_version(View frame, const Dissected& at) const;
  [[nodiscard]] Verdict judge_unsupported(View message, const Dissected& at) const;
  [[nodiscard]] bool error_fits(const Dissected& at) const;
  [[nodiscard]] Answer clear_error(const Dissected& at, unsigned code, const Offence& offence) const;

  Config config_;
  std::map<std::uint32_t, State> states_;
};

}  // namespace sapulse::traffic
