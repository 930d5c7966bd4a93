// SPDX-License-Identifier: Apache-2.0
#include "host_bench.h"

#include <gtest/gtest.h>

#include <cstring>

namespace sapulse::test {

namespace {

constexpr std::size_t kBeat = HostMemory::kBeat;

std::uint64_t hash(std::span<const std::byte> bytes) {
  std::uint64_t value = 0xcbf29ce484222325;  // FNV-1a
  for (const std::byte b : bytes) value = (value ^ std::to_integer<std::uint64_t>(b)) * 0x100000001b3;
  return value;
}

}  // namespace

HostBench::HostBench() : context_(std::make_unique<VerilatedContext>()) {
  context_->randReset(2);  // registers without reset wake up with random values
  context_->randSeed(static_cast<int>(random.between(1, 0x7fffffff)));
  card_ = std::make_unique<Vhost_interface_bench>(context_.get());
  reset();
}

HostBench::~HostBench() {
  if (!flips) EXPECT_EQ(memory_faults, 0U) << "a flipped bit was told, and none had flipped";
  card_->final();
}

void HostBench::reset() {
  card_->rst = 1;
  card_->stopped = 0;
  card_->s_axil_awvalid = card_->s_axil_wvalid = card_->s_axil_arvalid = 0;
  card_->s_axil_bready = card_->s_axil_rready = 0;
  card_->m_axi_rvalid = card_->m_axi_bvalid = 0;
  card_->m_axi_rid = card_->m_axi_bid = 0;
  card_->action_spi = 0;
  card_->git_hash = kGitHash;
  card_->limit_valid = 0;
  card_->limit_cause = 0;
  card_->tables_ready = 1;
  card_->datapath_idle = 1;
  card_->cmd_ready = card_->rsp_valid = 0;
  card_->exc_valid = card_->evt_valid = 0;
  card_->frame_tready = 0;
  std::memset(card_->counter_increment.data(), 0, sizeof(card_->counter_increment));
  for (int i = 0; i < 4; ++i) {
    card_->clk = 0;
    card_->eval();
    card_->clk = 1;
    card_->eval();
  }
  card_->rst = 0;
}

void HostBench::step() {
  card_->clk = 0;
  card_->eval();
  sample();
  card_->clk = 1;
  card_->eval();
  drive();
  ++cycle;
}

void HostBench::steps(unsigned count) {
  for (unsigned i = 0; i < count; ++i) step();
}

bool HostBench::repeat(const std::function<bool()>& step_and_ask, unsigned limit) {
  for (unsigned i = 0; i < limit; ++i) {
    if (step_and_ask()) return true;
  }
  ADD_FAILURE() << "nothing has happened in " << limit << " cycles";
  return false;
}

bool HostBench::until(const std::function<bool()>& done, unsigned limit) {
  if (done()) return true;
  return repeat(
      [&] {
        step();
        return done();
      },
      limit);
}

void HostBench::sample() {
  memory_faults += card_->memory_fault;
  memory.sample(*card_);
  sample_commands();
  exceptions.sample(card_->exc_valid && card_->exc_ready, card_->exc_room);
  events.sample(card_->evt_valid && card_->evt_ready, card_->evt_room);
  sample_frames();
}

void HostBench::drive() {
  memory.drive(*card_);

  const bool take = card_->cmd_valid && !hold_commands_ && !response_pending_ && command_wait_ == 0;
  card_->cmd_ready = take;
  card_->rsp_valid = response_pending_;
  if (command_wait_ > 0) --command_wait_;

  card_->exc_valid = exceptions.active() && (exceptions.first() || random.chance(80));
  if (exceptions.active()) {
    std::memcpy(card_->exc_data.data(), exceptions.beat(), kBeat);
    card_->exc_last = exceptions.last();
  }
  card_->evt_valid = events.active() && (events.first() || random.chance(80));
  if (events.active()) {
    std::memcpy(card_->evt_data.data(), events.beat(), kBeat);
    card_->evt_last = events.last();
  }
  card_->frame_tready = !hold_frames_ && !random.chance(frame_stall_);
}

void HostBench::sample_commands() {
  if (card_->rsp_valid && card_->rsp_ready) response_pending_ = false;
  if (!card_->cmd_valid || !card_->cmd_ready) return;
  Descriptor descriptor;
  std::memcpy(descriptor.data(), card_->cmd_descriptor.data(), descriptor.size());
  executed.push_back(descriptor);
  response_pending_ = true;
  command_wait_ = random.between(0, 5);
  std::array<std::byte, regs::kCompletionBytes> bytes;
  bytes.fill(std::byte{0xcc});  // the head and the time must be replaced
  regs::Completion{std::span(bytes)}.set_next(expected_result(descriptor));
  std::memcpy(card_->rsp_completion.data(), bytes.data(), bytes.size());
  card_->rsp_status = static_cast<std::uint8_t>(expected_status(descriptor));
}

void HostBench::sample_frames() {
  if (frame_begun_ && !card_->frame_tvalid) frame_.gap = true;
  if (!card_->frame_tvalid || !card_->frame_tready) return;
  if (!frame_begun_) frame_ = {};
  frame_begun_ = true;
  std::array<std::byte, kBeat> beat;
  std::memcpy(beat.data(), card_->frame_tdata.data(), beat.size());
  const std::uint64_t keep = card_->frame_tkeep;
  const auto count = static_cast<std::size_t>(std::popcount(keep));
  EXPECT_EQ(keep, count == kBeat ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1);
  EXPECT_TRUE(card_->frame_tlast || count == kBeat);
  for (std::size_t i = count; i < kBeat; ++i) EXPECT_EQ(beat.at(i), std::byte{0});
  frame_.bytes.insert(frame_.bytes.end(), beat.begin(), beat.begin() + static_cast<std::ptrdiff_t>(count));
  if (card_->frame_tlast) {
    frames.push_back(frame_);
    frame_begun_ = false;
  }
}

ReadResult HostBench::read(std::uint32_t offset) {
  card_->s_axil_araddr = static_cast<std::uint16_t>(offset);
  card_->s_axil_arvalid = 1;
  ReadResult result{};
  bool over = false;
  repeat([&] {
    card_->clk = 0;
    card_->eval();
    const bool taken = card_->s_axil_arvalid && card_->s_axil_arready;
    over = card_->s_axil_rvalid && card_->s_axil_rready;
    if (over) result = {card_->s_axil_rresp, card_->s_axil_rdata};
    step();
    if (taken) card_->s_axil_arvalid = 0;
    card_->s_axil_rready = !over && random.chance(70);
    return over;
  });
  return result;
}

unsigned HostBench::write(std::uint32_t offset, std::uint32_t value, unsigned strobes) {
  card_->s_axil_awaddr = static_cast<std::uint16_t>(offset);
  card_->s_axil_wdata = value;
  card_->s_axil_wstrb = static_cast<std::uint8_t>(strobes);
  // Address first, data first, or both at once.
  unsigned address_delay = random.between(0, 2);
  unsigned data_delay = random.between(0, 2);
  bool address_sent = false;
  bool data_sent = false;
  unsigned response = 0;
  repeat([&] {
    card_->s_axil_awvalid = !address_sent && address_delay == 0;
    card_->s_axil_wvalid = !data_sent && data_delay == 0;
    if (address_delay > 0) --address_delay;
    if (data_delay > 0) --data_delay;
    card_->clk = 0;
    card_->eval();
    address_sent = address_sent || (card_->s_axil_awvalid && card_->s_axil_awready);
    data_sent = data_sent || (card_->s_axil_wvalid && card_->s_axil_wready);
    const bool over = card_->s_axil_bvalid && card_->s_axil_bready;
    if (over) response = card_->s_axil_bresp;
    step();
    card_->s_axil_bready = !over && random.chance(70);
    return over;
  });
  return response;
}

std::uint32_t HostBench::get(std::uint32_t offset) {
  const ReadResult result = read(offset);
  EXPECT_EQ(result.response, kOkay) << "reading " << std::hex << offset;
  return result.data;
}

std::uint64_t HostBench::get64(std::uint32_t offset) {
  const std::uint64_t low = get(offset);
  return low | static_cast<std::uint64_t>(get(offset + 4)) << 32;
}

void HostBench::set(std::uint32_t offset, std::uint32_t value) {
  EXPECT_EQ(write(offset, value), kOkay) << "writing " << std::hex << offset;
}

void HostBench::set64(std::uint32_t offset, std::uint64_t value) {
  set(offset, static_cast<std::uint32_t>(value));
  set(offset + 4, static_cast<std::uint32_t>(value >> 32));
}

regs::Status HostBench::expected_status(const Descriptor& descriptor) {
  return static_cast<regs::Status>(hash(descriptor) % regs::kStatusCount);
}

std::uint64_t HostBench::expected_result(const Descriptor& descriptor) { return hash(descriptor); }

}  // namespace sapulse::test
