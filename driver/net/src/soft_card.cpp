// SPDX-License-Identifier: Apache-2.0
#include "soft_card.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "reserved_filter.h"
#include "sapulse/registers.h"

namespace sapulse::net {
namespace {

using model::Port;

constexpr std::uint32_t kClockKhz = 1'000'000;  // a cycle is a nanosecond

std::uint64_t unix_time_ns() {
  const auto time = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::nanoseconds(time).count());
}

}  // namespace

Result<std::unique_ptr<SoftCard>> SoftCard::create(Ports ports, unsigned sa_capacity, std::shared_ptr<CardTime> time,
                                                   FrameTap tap) {
  std::unique_ptr<SoftCard> card(new SoftCard(std::move(ports), sa_capacity, std::move(time), std::move(tap)));
  card->reset();
  if (auto filtered = card->filter(); !filtered) return tl::unexpected(filtered.error());
  for (auto& port : card->ports_) (void)port->look();
  return card;
}

SoftCard::SoftCard(Ports ports, unsigned sa_capacity, std::shared_ptr<CardTime> time, FrameTap tap)
    : ports_(std::move(ports)),
      time_(std::move(time)),
      tap_(std::move(tap)),
      model_({.build = {.sa_capacity = sa_capacity, .clock_khz = kClockKhz}}, memory_,
             [this](const std::string&) { ++dma_faults_; }) {}

void SoftCard::run() {
  advance();
  receive(Port::line);
  if (!beside_ip()) receive(Port::core);
  advance();
  set_alarm();
}

void SoftCard::advance() {
  model_.advance(time_->now());
  send();
}

void SoftCard::receive(Port port) {
  received_.clear();
  (void)ports_[static_cast<std::size_t>(port)]->receive(received_);
  const std::uint64_t now = model_.cycle();
  for (Received& received : received_) {
    if (tap_) tap_({port, Direction::in, unix_time_ns(), received.frame});
    model_.receive(port, {.frame = std::move(received.frame),
                          .time = {.first_cycle = now, .last_cycle = now},
                          .unfinished = std::move(received.unfinished)});
  }
}

void SoftCard::send() {
  send(Port::line, model_.take_output(Port::line));
  // What passes is the kernel's already where there is no core side.
  const auto passed = model_.take_output(Port::core);
  if (!beside_ip()) send(Port::core, passed);
}

void SoftCard::send(Port port, std::span<const model::OutputFrame> frames) {
  for (const model::OutputFrame& frame : frames) {
    if (tap_) tap_({port, Direction::out, unix_time_ns(), frame.bytes});
  }
  ports_[static_cast<std::size_t>(port)]->send(frames);
}

void SoftCard::set_alarm() {
  const auto next = model_.next();
  if (next == alarm_ && (!next || *next > model_.cycle())) return;
  alarm_ = next;
  time_->set_alarm(next);
}

void SoftCard::look(const std::function<void(const std::string&)>& report) {
  for (auto& port : ports_) {
    if (port->look())
      report(fmt::format("net:{}: link is {}", port->interface(), port->statistics().up ? "up" : "down"));
  }
}

std::optional<std::uint32_t> SoftCard::read32(std::uint32_t offset) {
  advance();
  const auto value = model_.read32(offset);
  set_alarm();
  return value;
}

bool SoftCard::write32(std::uint32_t offset, std::uint32_t value) {
  advance();
  const bool good = model_.write32(offset, value);
  if (good && offset == regs::offset::kUdpPort) (void)filter();
  advance();
  set_alarm();
  return good;
}

void SoftCard::reset() {
  model_.advance(time_->now());
  model_.reset();
  (void)filter();
  set_alarm();
}

Result<void> SoftCard::filter() {
  if (!beside_ip()) return {};
  const std::uint32_t port = model_.read32(regs::offset::kUdpPort).value_or(wire::udp_port_ipsec);
  return ports_.front()->set_filter(reserved_filter(static_cast<std::uint16_t>(port)));
}

}  // namespace sapulse::net
