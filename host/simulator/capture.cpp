// SPDX-License-Identifier: Apache-2.0
#include "capture.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "capture_records.h"
#include "link_layer.h"
#include "sapulse_wire.h"

namespace sapulse::command {
namespace {

struct ClosePcap {
  void operator()(pcap_t* pcap) const { pcap_close(pcap); }
};
using Pcap = std::unique_ptr<pcap_t, ClosePcap>;

constexpr int kSnapshotLength = 65535;

/// What keeps a frame from the card; nullptr: nothing does.
std::size_t* left_out_for(Capture& capture, std::size_t length, bool is_whole) {
  if (length < wire::ethernet_bytes) return &capture.too_short;
  if (length > wire::frame_max_bytes) return &capture.too_long;
  return is_whole ? nullptr : &capture.incomplete;
}

/// Takes a packet over or counts it as left out.
void take(Capture& capture, CaptureRecord&& record, const MacAddress& destination) {
  const auto start = ethernet_start(record.link_type, record.bytes, destination);
  const auto leave_out = [&](std::size_t& count) {
    ++count;
    if (capture.first_left_out == 0) capture.first_left_out = record.position;
  };
  if (!start) return leave_out(capture.no_ethernet);
  const std::size_t length = record.length - start->removed + start->given.size();
  if (std::size_t* count = left_out_for(capture, length, record.bytes.size() == record.length))
    return leave_out(*count);
  if (!start->given.empty()) {
    ++capture.given_header;
    record.bytes.erase(record.bytes.begin(), record.bytes.begin() + static_cast<std::ptrdiff_t>(start->removed));
    record.bytes.insert(record.bytes.begin(), start->given.begin(), start->given.end());
  }
  capture.frames.push_back(std::move(record.bytes));
}

}  // namespace

Result<Capture> read_capture(const std::filesystem::path& file, const MacAddress& destination) {
  std::error_code status;
  if (std::filesystem::is_directory(file, status)) {
    return failure(Errc::io_error, fmt::format("{}: is a directory", file.string()));
  }
  const auto contents = read_unpacked(file);
  if (!contents) return tl::unexpected(contents.error());
  auto parsed = parse_capture(*contents);
  if (!parsed) return failure(parsed.error().code, fmt::format("{}: {}", file.string(), parsed.error().message));
  Capture capture;
  capture.cut = parsed->cut;
  for (CaptureRecord& record : parsed->records) {
    if (!link_layer(record.link_type)) {
      return failure(Errc::parse_error,
                     fmt::format("{}: packet {}: link type {} is neither Ethernet, IP nor Linux cooked", file.string(),
                                 record.position, link_type_name(record.link_type)));
    }
    take(capture, std::move(record), destination);
  }
  return capture;
}

Result<CaptureWriter> CaptureWriter::create(const std::filesystem::path& file) {
  const Pcap pcap(pcap_open_dead_with_tstamp_precision(DLT_EN10MB, kSnapshotLength, PCAP_TSTAMP_PRECISION_NANO));
  // The absolute name, because libpcap takes "-" for the standard output.
  pcap_dumper_t* dumper = pcap ? pcap_dump_open(pcap.get(), absolute(file).c_str()) : nullptr;
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
