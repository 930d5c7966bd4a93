// SPDX-License-Identifier: Apache-2.0
// What reading a configuration of very many SAs takes: this program's allocation functions count.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <new>
#include <string>

#include "sapulse/config.h"

namespace {

std::size_t live = 0;  // bytes
std::size_t most = 0;

void* count_in(void* memory) {
  if (memory == nullptr) std::abort();
  live += ::malloc_usable_size(memory);
  most = std::max(most, live);
  return memory;
}

void count_out(void* memory) {
  live -= ::malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t bytes) { return count_in(std::malloc(bytes)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  const auto to = static_cast<std::size_t>(alignment);
  return count_in(std::aligned_alloc(to, (bytes + to - 1) / to * to));
}
void operator delete(void* memory) noexcept { count_out(memory); }
void operator delete(void* memory, std::size_t /*bytes*/) noexcept { count_out(memory); }
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept { count_out(memory); }
void operator delete(void* memory, std::size_t /*bytes*/, std::align_val_t /*alignment*/) noexcept {
  count_out(memory);
}

namespace sapulse::test {
namespace {

constexpr std::size_t kSas = 2000;
constexpr std::size_t kLargestCard = 65536;                 // SAs
constexpr std::size_t kLimit = 200'000'000 / kLargestCard;  // bytes for each

std::string many_sas() {
  std::string text = "local: [192.0.2.1]\nsas:\n";
  for (std::size_t i = 0; i < kSas; ++i) {
    constexpr const char* kKeys = "key: 000102030405060708090a0b0c0d0e0f, salt: a1b2c3d4";
    fmt::format_to(std::back_inserter(text),
                   "- name: peer{}\n  local: 192.0.2.1\n  peer: 198.51.100.1\n  in: {{spi: {}, {}}}\n"
                   "  out: {{spi: {}, {}}}\n",
                   i, 1000 + i, kKeys, 9000 + i, kKeys);
  }
  return text;
}

TEST(ConfigMemory, AFullCardTakesLessThan200Megabytes) {
  const std::string text = many_sas();
  const std::size_t before = live;
  most = live;
  const auto config = parse_config(text, "sas.yaml", kLargestCard, NextField::allowed);
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_EQ(config->sas.size(), kSas);
  RecordProperty("bytes_per_sa", static_cast<int>((most - before) / kSas));
  EXPECT_LT((most - before + text.size()) / kSas, kLimit);
  EXPECT_GT(most - before, kSas * sizeof(SaParameters)) << "what counts has counted";
}

}  // namespace
}  // namespace sapulse::test
