// SPDX-License-Identifier: Apache-2.0
// Directories of state for tests, and what is in them.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "asking_card.h"
#include "folder.h"
#include "sapulse/control_keys.h"
#include "sapulse/store.h"

namespace sapulse::test {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline void write_file(const std::filesystem::path& path, const std::string& contents) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << contents;
}

inline SaParameters full_sa(std::uint32_t spi) {
  SaParameters sa = make_peer(spi);
  sa.name = "peer \"" + std::to_string(spi) + "\"\n";
  sa.out.salt = {};
  sa.out.integrity = make_key(48, spi);
  sa.token_nonce = TokenNonce{8, 7, 6, 5, 4, 3, 2, static_cast<std::uint8_t>(spi)};
  sa.admin_down = true;
  sa.path->tags = {{wire::tpid_service, 0x2064}};
  sa.path->encapsulation = Encapsulation::udp;
  sa.path->peer_port = 1024;
  sa.path->dscp = 46;
  sa.liveness = LivenessSettings{.mode = ProbeMode::host,
                                 .interval = std::chrono::microseconds(3300),
                                 .multiplier = 10,
                                 .suspect = 0,
                                 .jitter_percent = 5,
                                 .data_bytes = 100,
                                 .data_alive = true};
  return sa;
}

inline void expect_same(const SaParameters& a, const SaParameters& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.local, b.local);
  EXPECT_EQ(a.peer, b.peer);
  for (const auto& [x, y] : {std::pair(&a.in, &b.in), std::pair(&a.out, &b.out)}) {
    EXPECT_EQ(x->spi, y->spi);
    EXPECT_EQ(to_hex(x->key.bytes()), to_hex(y->key.bytes()));
    EXPECT_EQ(to_hex(x->salt.bytes()), to_hex(y->salt.bytes()));
    EXPECT_EQ(to_hex(x->integrity.bytes()), to_hex(y->integrity.bytes()));
  }
  EXPECT_EQ(a.plain, b.plain);
  EXPECT_EQ(a.token_nonce, b.token_nonce);
  EXPECT_EQ(a.admin_down, b.admin_down);
  EXPECT_EQ(a.path, b.path);
  EXPECT_EQ(a.liveness, b.liveness);
}

inline std::unique_ptr<SaStore> must_open(const std::filesystem::path& directory) {
  auto store = SaStore::open(directory);
  EXPECT_TRUE(store) << store.error().message;
  return store ? std::move(*store) : nullptr;
}

using Contents = std::map<std::uint32_t, std::string>;  ///< inbound SPI, control key of the inbound half

inline Contents contents(const SaStore& store) {
  Contents result;
  for (const auto& [spi, sa] : store.sas()) result[spi] = to_hex(control_keys(sa.in, sa.plain)->key.bytes());
  return result;
}

}  // namespace sapulse::test
