// SPDX-License-Identifier: Apache-2.0
// Messages as the kernel sends them, and SAs for tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernel_sa.h"
#include "netlink_message.h"

namespace sapulse::kernel::test {

/// An algorithm attribute: name, key, and length of the ICV where the attribute has one.
std::vector<std::uint8_t> algorithm(const std::string& name, Bytes key, std::optional<std::uint32_t> icv_bits = {});

/// Bytes 1, 2, 3... from `first`.
std::vector<std::uint8_t> counting(std::size_t size, std::uint8_t first = 1);

/// What makes one SA different from another.
struct SaSpec {
  std::string source;
  std::string destination;
  std::uint32_t spi = 0;
  std::uint32_t reqid = 1;
  std::uint64_t added = 0;
  std::uint8_t protocol = 50;
  std::uint8_t mode = 1;
  std::optional<Mark> mark{};
  std::uint32_t if_id = 0;
  bool esn = false;
  std::optional<SaEncapsulation> encapsulation{};
};

/// Starts an XFRM_MSG_NEWSA (or another message with the same beginning) without algorithms.
RequestBuilder new_sa(const SaSpec& spec, std::uint16_t type);
/// The whole message, with AES-128-GCM.
std::vector<std::uint8_t> new_gcm_sa(const SaSpec& spec);
std::vector<std::uint8_t> deleted_sa(const SaSpec& spec);

/// The only message of a datagram.
NetlinkMessage only_message(Bytes datagram);

/// The SA itself, as the parser makes it.
KernelSa gcm_sa(const SaSpec& spec);

IpAddress ip(const std::string& text);

}  // namespace sapulse::kernel::test
