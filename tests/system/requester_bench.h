// SPDX-License-Identifier: Apache-2.0
// A simulated card that asks: commands and events as they are in host memory, and a peer that answers (the reference).
// SAPULSE_BENCH_MODEL: which model of the card, unless the test says so.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sapulse/card.h"
#include "sapulse/sa.h"
#include "sapulse/sim_device.h"
#include "traffic/reference.h"
#include "traffic/requester.h"

namespace sapulse::test {

using EventBytes = std::array<std::byte, regs::kEventBytes>;

/// A copy of an event.
struct Event {
  EventBytes bytes{};
  [[nodiscard]] regs::ConstEvent operator*() const { return regs::ConstEvent{std::span(bytes)}; }
};

/// Every failure of card or library is thrown as std::runtime_error: the test ends there.
class RequesterBench {
 public:
  /// Installs the SAs of `config`, without paths. The event ring has 2^event_log2 entries.
  explicit RequesterBench(const traffic::Config& config, unsigned event_log2 = 8,
                          sim::ModelKind model = sim::ModelKind::SAPULSE_BENCH_MODEL,
                          sim::KernelKind kernels = sim::KernelKind::view);
  /// The same on a card of the caller's.
  RequesterBench(const traffic::Config& config, std::unique_ptr<SimDevice> device, unsigned event_log2 = 8);
  ~RequesterBench();

  /// Commands. All but write_path return the completion whatever its status.
  Completion ping(std::uint32_t sa, std::size_t data_bytes, std::uint64_t timeout_ns = 1'000'000'000);
  Completion send(std::uint32_t sa, unsigned type, unsigned code, std::uint32_t transaction,
                  const traffic::Bytes& text);
  Completion admin(std::uint32_t sa, bool down);
  Completion fence();
  Completion write_path(std::uint32_t sa, const traffic::PeerPath& path, bool valid = true);
  Completion execute(std::span<const std::byte, regs::kCommandBytes> descriptor);

  /// Sends a frame to the line side.
  void line(const traffic::Bytes& frame);
  void step(std::uint64_t cycles) { device_->card().step(cycles); }
  /// Until nothing moves any more; exceptions are taken meanwhile.
  void settle();

  /// Frames that have left the line side since the last call.
  std::vector<traffic::Bytes> sent();
  /// Events since the last call; their slots are given back unless `keep`.
  std::vector<Event> events(bool keep = false);
  /// Steps until there are events, at most `cycles`.
  std::vector<Event> wait_events(std::uint64_t cycles = 20'000);
  [[nodiscard]] std::vector<Exception> exceptions();

  std::uint64_t counter(regs::Counter which);
  /// Line frames that ended in no counter, or in two.
  std::int64_t unaccounted();
  /// Lets the peer answer a request that has been sent; the frame that it sends, and what it has filled in.
  traffic::Bytes answer(const traffic::Bytes& request);

  [[nodiscard]] const traffic::Association& sa(std::uint32_t number) const { return config_.sas.at(number); }
  [[nodiscard]] traffic::PeerPath path(std::uint32_t number) const;
  [[nodiscard]] SaManager& sas() { return *sas_; }
  [[nodiscard]] sapulse::Card& card() { return *card_; }
  [[nodiscard]] SimDevice& device() { return *device_; }
  [[nodiscard]] const traffic::Telemetry& filled() const { return filled_; }

 private:
  traffic::Config config_;
  traffic::Reference peer_;
  std::unique_ptr<SimDevice> device_;
  std::unique_ptr<sapulse::Card> card_;
  std::unique_ptr<SaManager> sas_;
  std::unique_ptr<DmaBuffer> ring_;
  unsigned event_log2_;
  std::uint32_t event_consumer_ = 0;
  std::vector<Exception> exceptions_;
  traffic::Telemetry filled_;
  std::uint64_t peer_time_ = 1'000'000;
};

/// The frame, without VLAN tags, as if it had come from another address: the last byte of its source is another one.
traffic::Bytes from_elsewhere(traffic::Bytes frame);

}  // namespace sapulse::test
