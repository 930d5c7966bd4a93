// SPDX-License-Identifier: Apache-2.0
// Capture files: pcap and pcapng in, also compressed by gzip, pcap with nanoseconds out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sapulse/address.h"
#include "sapulse/error.h"

namespace sapulse::command {

using Frame = std::vector<std::byte>;

/// The frames of a capture file in file order, and those left out.
struct Capture {
  std::vector<Frame> frames;
  std::size_t too_short = 0;       ///< less than an Ethernet header, 14 bytes
  std::size_t too_long = 0;        ///< more than 9216 bytes
  std::size_t incomplete = 0;      ///< the capture holds only a part of the frame
  std::size_t no_ethernet = 0;     ///< raw or cooked, and neither IP nor of another Ethernet type
  std::size_t first_left_out = 0;  ///< position in the file, from 1; 0: none was left out
  std::size_t given_header = 0;    ///< raw or cooked: an Ethernet header has been put in front
  std::size_t cut = 0;             ///< position of the record in whose middle the file ends; 0: none

  [[nodiscard]] std::size_t left_out() const { return too_short + too_long + incomplete + no_ethernet; }
};

/// The Ethernet address of a card that has not been given one.
inline const MacAddress kDefaultDestination({0x02, 0x5a, 0, 0, 0, 0x01});

/// Reads the packets of a pcap or pcapng file, without frame check sequences. Raw IP packets and Linux cooked frames
/// get an Ethernet header to `destination`. Errors: io_error, parse_error (damage, other link types); the message names
/// file and packet.
Result<Capture> read_capture(const std::filesystem::path& file, const MacAddress& destination = kDefaultDestination);

/// Writes an Ethernet pcap with nanosecond timestamps.
class CaptureWriter {
 public:
  /// Creates or truncates the file. Errors: io_error.
  static Result<CaptureWriter> create(const std::filesystem::path& file);

  /// `nanoseconds`: since the start of the simulation.
  void write(std::uint64_t nanoseconds, std::span<const std::byte> frame);
  /// Completes the file. Errors: io_error, also for writes before.
  Result<void> close();

 private:
  struct Close {
    void operator()(void* dumper) const;
  };
  CaptureWriter(std::filesystem::path file, void* dumper) : file_(std::move(file)), dumper_(dumper) {}

  std::filesystem::path file_;
  std::unique_ptr<void, Close> dumper_;  // pcap_dumper_t
};

}  // namespace sapulse::command
