// SPDX-License-Identifier: Apache-2.0
#include "capture.h"

#include <pcap/pcap.h>

#include <memory>
#include <stdexcept>

#include "packet.h"

namespace sapulse::traffic {

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr int kSnapLength = 16384;
constexpr std::size_t kEthernetHeader = 14;

using Handle = std::unique_ptr<pcap_t, decltype(&pcap_close)>;
using Dumper = std::unique_ptr<pcap_dumper_t, decltype(&pcap_dump_close)>;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw std::runtime_error(file.string() + ": " + what);
}

}  // namespace

std::vector<Captured> read_capture(const std::filesystem::path& file) {
  std::array<char, PCAP_ERRBUF_SIZE> text{};
  const Handle handle(pcap_open_offline_with_tstamp_precision(file.c_str(), PCAP_TSTAMP_PRECISION_NANO, text.data()),
                      pcap_close);
  if (!handle) fail(file, text.data());
  if (pcap_datalink(handle.get()) != DLT_EN10MB) fail(file, "link type is not Ethernet");
  std::vector<Captured> frames;
  pcap_pkthdr* header = nullptr;
  const std::uint8_t* data = nullptr;
  int result = 0;
  while ((result = pcap_next_ex(handle.get(), &header, &data)) == 1) {
    const bool whole = header->caplen == header->len;
    if (!whole || header->len < kEthernetHeader || header->len > kMaxFrame) continue;
    const auto time = static_cast<std::uint64_t>(header->ts.tv_sec) * kSecond + header->ts.tv_usec;
    frames.push_back({.time_ns = time, .bytes = Bytes(data, data + header->caplen)});
  }
  if (result != PCAP_ERROR_BREAK) fail(file, pcap_geterr(handle.get()));
  return frames;
}

std::vector<Bytes> read_frames(const std::filesystem::path& file) {
  std::vector<Bytes> frames;
  for (Captured& frame : read_capture(file)) frames.push_back(std::move(frame.bytes));
  return frames;
}

void write_capture(const std::filesystem::path& file, const std::vector<Captured>& frames) {
  const Handle handle(pcap_open_dead_with_tstamp_precision(DLT_EN10MB, kSnapLength, PCAP_TSTAMP_PRECISION_NANO),
                      pcap_close);
  const Dumper dumper(pcap_dump_open(handle.get(), file.c_str()), pcap_dump_close);
  if (!dumper) fail(file, pcap_geterr(handle.get()));
  for (const Captured& frame : frames) {
    pcap_pkthdr header{};
    header.ts.tv_sec = static_cast<time_t>(frame.time_ns / kSecond);
    header.ts.tv_usec = static_cast<suseconds_t>(frame.time_ns % kSecond);  // nanoseconds at this precision
    header.caplen = header.len = static_cast<bpf_u_int32>(frame.bytes.size());
    pcap_dump(reinterpret_cast<u_char*>(dumper.get()), &header, frame.bytes.data());
  }
  if (pcap_dump_flush(dumper.get()) != 0) fail(file, "cannot be written");
}

void write_frames(const std::filesystem::path& file, const std::vector<Bytes>& frames) {
  constexpr std::uint64_t kStart = 1'700'000'000 * kSecond;
  std::vector<Captured> timed;
  for (const Bytes& frame : frames) timed.push_back({.time_ns = kStart + timed.size() * 1000, .bytes = frame});
  write_capture(file, timed);
}

}  // namespace sapulse::traffic
