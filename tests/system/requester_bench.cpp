// SPDX-License-Identifier: Apache-2.0
#include "requester_bench.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "support/convert.h"

namespace sapulse::test {

namespace {

constexpr std::size_t kEventAlignment = 1024;
constexpr traffic::Mac kOwnMac{0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0x01};
constexpr traffic::Mac kPeerMac{0x02, 0x11, 0x22, 0x33, 0x44, 0x55};

template <class To>
void fill(To to, const auto& from) {
  std::ranges::transform(from, to.begin(), [](std::uint8_t byte) { return std::byte{byte}; });
}

sim::CardOptions card_options(sim::ModelKind model, sim::KernelKind kernels) {
  sim::CardOptions options;
  options.model = model;
  options.kernels = kernels;
  options.trace_frames = true;  // a frame that cannot be followed is a violation
  return options;
}

using Descriptor = std::array<std::byte, regs::kCommandBytes>;

Descriptor descriptor(Opcode opcode, std::uint32_t sa) {
  Descriptor bytes{};
  const regs::Command head{std::span(bytes)};
  head.set_opcode(opcode);
  head.set_sa(sa);
  return bytes;
}

}  // namespace

RequesterBench::RequesterBench(const traffic::Config& config, unsigned event_log2, sim::ModelKind model,
                               sim::KernelKind kernels)
    : RequesterBench(config, must(SimDevice::create(card_options(model, kernels)), "card"), event_log2) {}

RequesterBench::RequesterBench(const traffic::Config& config, std::unique_ptr<SimDevice> device, unsigned event_log2)
    : config_(config),
      peer_(traffic::peer_of(config, traffic::Bytes(32, 0x5a))),
      device_(std::move(device)),
      card_(must(sapulse::Card::open(*device_, {.event_entries = 0, .start = CardStart{}}), "open")),
      sas_(std::make_unique<SaManager>(*card_)),
      event_log2_(event_log2) {
  CardConfig settings;
  for (const traffic::Address& local : config.local) {
    settings.local.push_back(must(IpAddress::parse(traffic::to_string(local)), "address"));
  }
  must(card_->configure(settings), "configure");
  for (std::uint32_t i = 0; i < config.sas.size(); ++i) {
    if (must(sas_->add(parameters(config.sas[i])), "SA") != i) throw std::runtime_error("SA numbers are not in order");
  }
  ring_ = must(device_->allocate_dma(std::size_t{regs::kEventBytes} << event_log2, kEventAlignment), "event ring");
  must(device_->write32(regs::offset::kEventBase, static_cast<std::uint32_t>(ring_->iova())), "event ring");
  must(device_->write32(regs::offset::kEventBase + 4, static_cast<std::uint32_t>(ring_->iova() >> 32)), "event ring");
  must(device_->write32(regs::offset::kEventLog2, event_log2), "event ring");
  const std::uint32_t running = must(device_->read32(regs::offset::kRingEnable), "rings");
  must(device_->write32(regs::offset::kRingEnable, running | regs::ring_enable::kEvent.mask()), "rings");
}

RequesterBench::~RequesterBench() {
  for (const sim::Violation& violation : device_->card().violations()) {
    ADD_FAILURE() << "cycle " << violation.cycle << ": " << violation.message;
  }
}

Completion RequesterBench::execute(std::span<const std::byte, regs::kCommandBytes> bytes) {
  const std::array commands{Command::raw(bytes)};
  return must(card_->execute(commands), "command").front();
}

Completion RequesterBench::ping(std::uint32_t sa, std::size_t data_bytes, std::uint64_t timeout_ns) {
  Descriptor bytes = descriptor(Opcode::ping, sa);
  const regs::Ping body{std::span(bytes)};
  body.set_length(static_cast<std::uint16_t>(data_bytes));
  body.set_timeout(timeout_ns);
  return execute(bytes);
}

Completion RequesterBench::send(std::uint32_t sa, unsigned type, unsigned code, std::uint32_t transaction,
                                const traffic::Bytes& text) {
  Descriptor bytes = descriptor(Opcode::send, sa);
  const regs::Send body{std::span(bytes)};
  body.set_message(static_cast<std::uint8_t>(type));
  body.set_code(static_cast<std::uint8_t>(code));
  body.set_length(static_cast<std::uint16_t>(text.size()));
  body.set_transaction(transaction);
  const traffic::Bytes kept(text.begin(),
                            text.begin() + static_cast<std::ptrdiff_t>(std::min(text.size(), body.body().size())));
  fill(body.body(), kept);
  return execute(bytes);
}

Completion RequesterBench::admin(std::uint32_t sa, bool down) {
  Descriptor bytes = descriptor(Opcode::sa_admin, sa);
  regs::SaAdmin{std::span(bytes)}.set_down(down ? 1 : 0);
  return execute(bytes);
}

Completion RequesterBench::fence() { return execute(descriptor(Opcode::fence, 0)); }

Completion RequesterBench::write_path(std::uint32_t sa, const traffic::PeerPath& path, bool valid) {
  Descriptor bytes = descriptor(Opcode::path_write, sa);
  const regs::PathWrite body{std::span(bytes)};
  const auto tag = [&](std::size_t i) { return i < path.link.tags.size() ? path.link.tags[i] : 0U; };
  body.set_valid(valid ? 1 : 0);
  body.set_encapsulation(static_cast<std::uint8_t>(path.wrap.kind));
  body.set_ipv6(traffic::is_ipv4(path.network.to) ? 0 : 1);
  body.set_dscp(static_cast<std::uint8_t>(path.network.dscp));
  body.set_tags(static_cast<std::uint8_t>(path.link.tags.size()));
  body.set_tag0(tag(0));
  body.set_tag1(tag(1));
  body.set_source_port(static_cast<std::uint16_t>(path.wrap.from_port));
  body.set_destination_port(static_cast<std::uint16_t>(path.wrap.to_port));
  body.set_control_spi(path.wrap.spi);
  fill(body.token_nonce(), path.token_nonce);
  fill(body.destination_mac(), path.link.to);
  fill(body.source_mac(), path.link.from);
  fill(body.source(), path.network.from);
  fill(body.destination(), path.network.to);
  return execute(bytes);
}

traffic::PeerPath RequesterBench::path(std::uint32_t number) const {
  return {.link = {.to = kPeerMac, .from = kOwnMac},
          .network = {.from = sa(number).local, .to = sa(number).peer},
          .wrap = {.spi = config_.control_spi}};
}

void RequesterBench::line(const traffic::Bytes& frame) {
  must(device_->card().send(sim::Port::line, to_frame(frame)), "line frame");
}

void RequesterBench::settle() {
  constexpr std::uint64_t kRest = 1000;
  sim::Card& card = device_->card();
  const auto poll = [&] {
    return must(card_->poll([&](const Exception& exception) { exceptions_.push_back(exception); }), "poll");
  };
  do {
    card.step(kRest / 4);
    poll();
  } while (card.pending(sim::Port::line) != 0 || card.transferring() || card.cycle() - card.last_activity() < kRest ||
           !must(card_->quiet(), "quiet"));
}

std::vector<traffic::Bytes> RequesterBench::sent() {
  std::vector<traffic::Bytes> frames;
  for (const sim::OutputFrame& frame : device_->card().take_output(sim::Port::line)) {
    frames.push_back(to_bytes(frame.bytes));
  }
  return frames;
}

std::vector<Event> RequesterBench::events(bool keep) {
  std::vector<Event> events;
  const std::uint32_t end = must(device_->read32(regs::offset::kEventProducer), "events");
  for (; event_consumer_ != end; ++event_consumer_) {
    const std::size_t slot = event_consumer_ & ((1U << event_log2_) - 1);
    const auto from = ring_->bytes().subspan(slot * regs::kEventBytes, regs::kEventBytes);
    std::ranges::copy(from, events.emplace_back().bytes.begin());
  }
  if (!keep) must(device_->write32(regs::offset::kEventConsumer, event_consumer_), "events");
  return events;
}

std::vector<Event> RequesterBench::wait_events(std::uint64_t cycles) {
  const std::uint64_t end = device_->card().cycle() + cycles;
  while (device_->card().cycle() < end) {
    if (auto found = events(); !found.empty()) return found;
    step(50);
  }
  return {};
}

std::vector<Exception> RequesterBench::exceptions() { return std::exchange(exceptions_, {}); }

std::uint64_t RequesterBench::counter(regs::Counter which) { return must(card_->counters(), "counters")[which]; }
std::int64_t RequesterBench::unaccounted() { return must(card_->counters(), "counters").unaccounted(); }

traffic::Bytes RequesterBench::answer(const traffic::Bytes& request) {
  const traffic::Verdict verdict = peer_.process(request);
  if (!verdict.answer) throw std::runtime_error("the peer does not answer: " + verdict.counter);
  if (!verdict.answer->telemetry) return verdict.answer->frame();
  filled_ = traffic::read_telemetry(verdict.answer->plaintext);
  filled_.t_receive = peer_time_ += 1000;
  filled_.t_transmit = filled_.t_receive + 77;
  return verdict.answer->frame(filled_);
}

traffic::Bytes from_elsewhere(traffic::Bytes frame) {
  constexpr std::size_t kIp = 14, kChecksum = kIp + 10, kSourceEndV4 = kIp + 15, kSourceEndV6 = kIp + 23;
  const bool ipv6 = frame.at(kIp) >> 4 == 6;
  frame.at(ipv6 ? kSourceEndV6 : kSourceEndV4) ^= 0x55;
  if (ipv6) return frame;
  const std::size_t length = std::size_t{4} * (frame[kIp] & 0xf);
  frame[kChecksum] = frame[kChecksum + 1] = 0;
  const std::uint16_t sum = traffic::internet_checksum(traffic::View(frame).subspan(kIp, length));
  frame[kChecksum] = static_cast<std::uint8_t>(sum >> 8);
  frame[kChecksum + 1] = static_cast<std::uint8_t>(sum);
  return frame;
}

}  // namespace sapulse::test
