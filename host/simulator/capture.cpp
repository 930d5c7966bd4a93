// SPDX-License-Identifier: Apache-2.0
#include "capture.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <utility>

#include "sapulse_wire.h"

namespace sapulse::command {
namespace {

struct ClosePcap {
  void operator()(pcap_t* pcap) const { pcap_close(pcap); }
};
using Pcap = std::unique_ptr<pcap_t, ClosePcap>;

constexpr int kSnapshotLength = 65535;

/// Takes a packet over or counts it as left out.
void take(Capture& capture, std::size_t position, const pcap_pkthdr& header, const std::uint8_t* data) {
  std::size_t* left_out = nullptr;
  if (header.len < wire::ethernet_bytes) {
    left_out = &capture.too_short;
  } else if (header.len > wire::frame_max_bytes) {
    left_out = &capture.too_long;
  } else if (header.caplen != header.len) {
    left_out = &capture.incomplete;
  }
  if (left_out == nullptr) {
    const auto* bytes = reinterpret_cast<const std::byte*>(data);
    capture.frames.emplace_back(bytes, bytes + header.caplen);
    return;
  }
  ++*left_out;
  if (capture.first_left_out == 0) capture.first_left_out = position;
}

}  // namespace

Result<Capture> read_capture(const std::filesystem::path& file) {
  std::error_code status;
  if (std::filesystem::is_directory(file, status)) {
    return failure(Errc::io_error, fmt::format("{}: is a directory", file.string()));
  }
  if (!std::ifstream(file)) return failure(Errc::io_error, fmt::format("{}: {}", file.string(), std::strerror(errno)));

  std::array<char, PCAP_ERRBUF_SIZE> message{};
  // The absolute name, because libpcap takes "-" for the standard input.
  const Pcap pcap(
      pcap_open_offline_with_tstamp_precision(absolute(file).c_str(), PCAP_TSTAMP_PRECISION_NANO, message.data()));
  if (!pcap) return failure(Errc::parse_error, fmt::format("{}: {}", file.string(), message.data()));
  if (const int type = pcap_datalink(pcap.get()); type != DLT_EN10MB) {
    const char* name = pcap_datalink_val_to_name(type);
    return failure(Errc::parse_error, fmt::format("{}: link type {} ({}) is not Ethernet", file.string(), type,
                                                  name != nullptr ? name : "unknown"));
  }
  Capture capture;
  for (std::size_t position = 1;; ++position) {
    pcap_pkthdr* header = nullptr;
    const std::uint8_t* data = nullptr;
    const int result = pcap_next_ex(pcap.get(), &header, &data);
    if (result == PCAP_ERROR_BREAK) return capture;
    if (result != 1) {
      return failure(Errc::parse_error,
                     fmt::format("{}: packet {}: {}", file.string(), position, pcap_geterr(pcap.get())));
    }
    take(capture, position, *header, data);
  }
}

Result<CaptureWriter> CaptureWriter::create(const std::filesystem::path& file) {
  // The absolute name, because libpcap takes "-" for the standard input.
  const Pcap pcap(pcap_open_dead_with_tstamp_precision(DLT_EN10MB, kSnapshotLength, PCAP_TSTAMP_PRECISION_NANO));
  pcap_dumper_t* dumper = pcap ? pcap_dump_open(pcap.get(), file.c_str()) : nullptr;
  if (dumper == nullptr) {
    return failure(Errc::io_error, fmt::format("{}: {}", file.string(), std::strerror(errno)));
  }
  return CaptureWriter(file, dumper);
}

void CaptureWriter::write(std::uint64_t nanoseconds, std::span<const std::byte> frame) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  pcap_pkthdr header{};
  header.ts.tv_sec = static_cast<time_t>(nanoseconds / kSecond);
  header.ts.tv_usec = static_cast<suseconds_t>(nanoseconds % kSecond);  // nanoseconds at this precision
  header.caplen = header.len = static_cast<std::uint32_t>(frame.size());
  pcap_dump(static_cast<std::uint8_t*>(dumper_.get()), &header, reinterpret_cast<const std::uint8_t*>(frame.data()));
}

Result<void> CaptureWriter::close() {
  auto* dumper = static_cast<pcap_dumper_t*>(dumper_.get());
  const bool good = pcap_dump_flush(dumper) == 0 && std::ferror(pcap_dump_file(dumper)) == 0;
  const int error = errno;
  dumper_.reset();
  if (!good) return failure(Errc::io_error, fmt::format("{}: {}", file_.string(), std::strerror(error)));
  return {};
}

void CaptureWriter::Close::operator()(void* dumper) const { pcap_dump_close(static_cast<pcap_dumper_t*>(dumper)); }

}  // namespace sapulse::command
