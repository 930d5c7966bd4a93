// SPDX-License-Identifier: Apache-2.0
#include "card_server.h"

#include <chrono>
#include <cstring>

#include "sapulse/xrt_kernel.h"
#include "xclbin_writer.h"

namespace sapulse::sim::xrt {
namespace {

constexpr std::uint64_t kBatchCycles = 64;
// A card in which nothing has moved for so long runs slowly, so that an idle one leaves the processor to others.
constexpr std::uint64_t kIdleCycles = 20'000;
constexpr std::uint64_t kWord = 4;

}  // namespace

Result<std::unique_ptr<CardServer>> CardServer::create(const CardOptions& options, Channel& calls, Channel& memory,
                                                       TrafficPort* traffic) {
  std::unique_ptr<CardServer> server(new CardServer(calls, memory, traffic));
  auto card = Card::create(options, &server->host_memory_);
  if (!card) return tl::unexpected(card.error());
  server->card_ = *std::move(card);
  return server;
}

Result<void> CardServer::run() {
  for (;;) {
    advance();
    if (!calls_.readable(std::chrono::milliseconds(0))) continue;
    const auto call = calls_.receive_call();
    if (!call) return tl::unexpected(call.error());
    const bool closing = call->api == Api::close;
    // XRT's memory thread must leave before it sees the end of its socket.
    if (closing) (void)memory_.send(make_call(Api::close, {}));
    if (auto sent = calls_.send(make_answer(answer(*call))); !sent || closing) return sent;
  }
}

void CardServer::advance() {
  if (traffic_ != nullptr) traffic_->serve(*card_);
  const bool idle = card_->cycle() - card_->last_activity() > kIdleCycles && !card_->transferring();
  if (idle && !calls_.readable(std::chrono::milliseconds(1))) {
    card_->step();
    return;
  }
  card_->step(kBatchCycles);
}

std::string CardServer::answer(const Call& call) {
  const auto fields = Fields::parse(call.body);
  if (!fields) return failed_body(call.api);
  switch (call.api) {
    case Api::close:
    case Api::set_environment:
    case Api::alloc_device_buffer:
    case Api::free_device_buffer:
      return FieldWriter().number(1, 1).body();
    case Api::write_register:
      return write_registers(fields->number(2), fields->bytes(4));
    case Api::read_register:
      return read_registers(fields->number(2), fields->number(3));
    case Api::timestamp:
      return FieldWriter().number(1, card_->nanoseconds(card_->cycle())).body();
    default:  // the card has no memory of its own and keeps no trace
      return failed_body(call.api);
  }
}

std::string CardServer::read_registers(std::uint64_t address, std::uint64_t bytes) {
  const std::uint64_t offset = address - kKernelBase;  // wraps below the kernel
  if (offset >= xrt_kernel::kRange || bytes > xrt_kernel::kRange - offset) return failed_body(Api::read_register);
  std::string data;
  for (std::uint64_t i = 0; i < bytes; i += kWord) {
    const bool wrapper = offset + i >= regs::kWindowBytes;
    const auto value = wrapper ? Result<std::uint32_t>{0} : card_->read32(static_cast<std::uint32_t>(offset + i));
    if (!value) return failed_body(Api::read_register);
    data.append(reinterpret_cast<const char*>(&*value), kWord);
  }
  return FieldWriter().number(1, 1).bytes(2, data).body();
}

std::string CardServer::write_registers(std::uint64_t address, std::string_view data) {
  const std::uint64_t offset = address - kKernelBase;
  const bool inside = offset < xrt_kernel::kRange && data.size() <= xrt_kernel::kRange - offset;
  if (!inside || data.size() % kWord != 0) return failed_body(Api::write_register);
  for (std::uint64_t i = 0; i < data.size(); i += kWord) {
    std::uint32_t value = 0;
    std::memcpy(&value, data.data() + i, kWord);
    if (!write_register(offset + i, value)) return failed_body(Api::write_register);
  }
  return FieldWriter().number(1, 1).body();
}

Result<void> CardServer::write_register(std::uint64_t offset, std::uint32_t value) {
  if (offset < regs::kWindowBytes) return card_->write32(static_cast<std::uint32_t>(offset), value);
  if (offset == xrt_kernel::kResetOffset && value == 1) card_->reset();
  return {};
}

}  // namespace sapulse::sim::xrt
