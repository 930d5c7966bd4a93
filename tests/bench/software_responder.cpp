// SPDX-License-Identifier: Apache-2.0
#include "software_responder.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace sapulse::bench {
namespace {

constexpr std::size_t kIp = wire::ethernet_bytes;
constexpr std::size_t kEsp = kIp + wire::ipv4_bytes;
constexpr std::size_t kControl = kEsp + wire::esp_bytes;
constexpr std::size_t kNested = kControl + wire::control_bytes;

template <class T>
T load(const std::uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  if constexpr (sizeof value == 8) return static_cast<T>(__builtin_bswap64(value));
  if constexpr (sizeof value == 4) return static_cast<T>(__builtin_bswap32(value));
  return static_cast<T>(__builtin_bswap16(value));
}

template <class T>
void store(std::uint8_t* to, T value) {
  value = load<T>(reinterpret_cast<const std::uint8_t*>(&value));  // the same exchange of bytes
  std::memcpy(to, &value, sizeof value);
}

std::uint16_t checksum(const std::uint8_t* from, std::size_t bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes; i += 2) sum += load<std::uint16_t>(from + i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::uint32_t hash(std::uint32_t spi) { return spi * 0x9e3779b1U; }

}  // namespace

SoftwareResponder::SoftwareResponder(const traffic::Config& config, std::unique_ptr<PingCipher> cipher)
    : control_spi_(config.control_spi), cipher_(std::move(cipher)), slots_(std::bit_ceil(2 * config.sas.size())) {
  for (const traffic::Association& sa : config.sas) {
    std::size_t slot = hash(sa.in.spi) & (slots_.size() - 1);
    while (slots_[slot].spi != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = {.spi = sa.in.spi, .sa = static_cast<std::uint32_t>(sas_.size())};
    sas_.push_back({.next = sa.out.next, .out_spi = sa.out.spi});
  }
}

const SoftwareResponder::Slot* SoftwareResponder::find(std::uint32_t spi) const {
  std::size_t slot = hash(spi) & (slots_.size() - 1);
  while (slots_[slot].spi != spi && slots_[slot].spi != 0) slot = (slot + 1) & (slots_.size() - 1);
  return slots_[slot].spi == spi ? &slots_[slot] : nullptr;
}

bool SoftwareResponder::parse(traffic::Bytes& frame, CipherJob& job) const {
  std::uint8_t* const at = frame.data();
  if (frame.size() < kNested + wire::nested_min_bytes ||
      load<std::uint16_t>(at + wire::ethertype_offset) != wire::ethertype_ipv4 || at[kIp] != 0x45 ||
      at[kIp + wire::ipv4_protocol] != wire::protocol_esp || checksum(at + kIp, wire::ipv4_bytes) != 0 ||
      load<std::uint32_t>(at + kEsp) != control_spi_ || checksum(at + kControl, wire::control_bytes) != 0 ||
      at[kControl + wire::control_type] != wire::type_echo_request) {
    return false;
  }
  const std::size_t length = load<std::uint16_t>(at + kControl + wire::control_length);
  if (length < wire::control_bytes + wire::nested_min_bytes || kControl + length > frame.size()) return false;
  const Slot* const slot = find(load<std::uint32_t>(at + kNested));
  if (slot == nullptr) return false;
  job = {.sa = slot->sa, .packet = at + kNested, .text_bytes = length - wire::control_bytes - wire::nested_overhead};
  return is_new(sas_[slot->sa], load<std::uint64_t>(job.packet + wire::nested_iv));
}

bool SoftwareResponder::is_new(const Sa& sa, std::uint64_t n) {
  if (n > sa.highest) return true;
  const std::uint64_t age = sa.highest - n;
  return age < wire::replay_window && (sa.window[age / 64] >> age % 64 & 1) == 0;
}

void SoftwareResponder::accept(Sa& sa, std::uint64_t n) {
  if (n > sa.highest) {
    const std::uint64_t step = n - sa.highest;
    if (step >= 64) {
      sa.window = {0, step < 128 ? sa.window[0] << (step - 64) : 0};
    } else {
      sa.window = {sa.window[0] << step, sa.window[1] << step | sa.window[0] >> (64 - step)};
    }
    sa.highest = n;
  }
  const std::uint64_t age = sa.highest - n;
  sa.window[age / 64] |= std::uint64_t{1} << age % 64;
}

bool SoftwareResponder::edit(traffic::Bytes& frame, CipherJob& job) {
  Sa& sa = sas_[job.sa];
  const std::uint64_t n = load<std::uint64_t>(job.packet + wire::nested_iv);
  if (!job.is_authentic || !is_new(sa, n) || job.text()[wire::echo_subtype] != wire::subtype_request) return false;
  accept(sa, n);
  job.text()[wire::echo_subtype] = wire::subtype_reply;
  const std::uint64_t own = sa.next++;
  store(job.packet, sa.out_spi);
  store(job.packet + wire::nested_sequence, static_cast<std::uint32_t>(own));
  store(job.packet + wire::nested_iv, own);
  std::uint8_t* const at = frame.data();
  std::swap_ranges(at, at + wire::mac_bytes, at + wire::mac_bytes);
  std::swap_ranges(at + kIp + wire::ipv4_source, at + kIp + wire::ipv4_destination, at + kIp + wire::ipv4_destination);
  at[kIp + wire::ipv4_ttl] = wire::answer_ttl;
  store(at + kIp + wire::ipv4_checksum, std::uint16_t{0});
  store(at + kIp + wire::ipv4_checksum, checksum(at + kIp, wire::ipv4_bytes));
  at[kControl + wire::control_type] = wire::type_echo_reply;
  store(at + kControl + wire::control_subject, sa.out_spi);
  store(at + kControl + wire::control_checksum, std::uint16_t{0});
  store(at + kControl + wire::control_checksum, checksum(at + kControl, wire::control_bytes));
  return true;
}

std::size_t SoftwareResponder::answer_burst(std::span<traffic::Bytes> frames) {
  std::array<CipherJob, kBurst> jobs;
  std::array<traffic::Bytes*, kBurst> of{};
  std::size_t count = 0;
  for (traffic::Bytes& frame : frames) {
    of[count] = &frame;
    if (parse(frame, jobs[count])) ++count;
  }
  cipher_->open(std::span(jobs).first(count));
  std::size_t replies = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (edit(*of[i], jobs[i])) jobs[replies++] = jobs[i];
  }
  cipher_->seal(std::span(jobs).first(replies));
  return replies;
}

std::size_t SoftwareResponder::answer(std::span<traffic::Bytes> frames) {
  std::size_t replies = 0;
  for (std::size_t i = 0; i < frames.size(); i += kBurst) {
    replies += answer_burst(frames.subspan(i, std::min(kBurst, frames.size() - i)));
  }
  return replies;
}

void SoftwareResponder::forget() {
  for (Sa& sa : sas_) {
    sa.highest = 0;
    sa.window = {};
  }
}

}  // namespace sapulse::bench
