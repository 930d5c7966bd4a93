// SPDX-License-Identifier: Apache-2.0
#include "xrt_host_memory.h"

#include <chrono>
#include <cstring>
#include <string>

#include "xclbin_writer.h"

namespace sapulse::sim::xrt {
namespace {

constexpr auto kPatience = std::chrono::seconds(30);

bool in_bank(std::uint64_t iova, std::size_t bytes) {
  const std::uint64_t offset = iova - kHostBankBase;  // wraps below the bank
  return offset < kHostBankBytes && bytes <= kHostBankBytes - offset;
}

}  // namespace

bool XrtHostMemory::read(std::uint64_t iova, std::span<std::byte> data) {
  if (!in_bank(iova, data.size())) return false;
  const std::string body = FieldWriter().number(1, iova).number(2, data.size()).body();
  if (!channel_.send(make_call(Api::read_host_memory, body))) return false;
  const auto answer = channel_.receive_answer(kCallHeaderBytes, kPatience);
  const auto fields = answer ? Fields::parse(*answer) : std::nullopt;
  if (!fields || fields->number(1) == 0 || fields->bytes(2).size() != data.size()) return false;
  std::memcpy(data.data(), fields->bytes(2).data(), data.size());
  return true;
}

bool XrtHostMemory::write(std::uint64_t iova, std::span<const std::byte> data) {
  if (!in_bank(iova, data.size())) return false;
  const std::string_view bytes(reinterpret_cast<const char*>(data.data()), data.size());
  const std::string body = FieldWriter().number(1, iova).number(2, data.size()).bytes(3, bytes).body();
  if (!channel_.send(make_call(Api::write_host_memory, body))) return false;
  const auto answer = channel_.receive_answer(kCallHeaderBytes, kPatience);
  const auto fields = answer ? Fields::parse(*answer) : std::nullopt;
  return fields && fields->number(1) != 0;
}

}  // namespace sapulse::sim::xrt
