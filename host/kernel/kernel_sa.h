// SPDX-License-Identifier: Apache-2.0
// SAs and policies as the kernel has them.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sapulse/address.h"
#include "sapulse/secret.h"

namespace sapulse::kernel {

/// A mark of the SA's packets: (packet mark & mask) == value.
struct Mark {
  std::uint32_t value = 0;
  std::uint32_t mask = 0;

  friend auto operator<=>(const Mark&, const Mark&) = default;
};

/// What the kernel knows an SA by.
struct SaId {
  IpAddress destination;
  std::uint32_t spi = 0;      ///< host byte order
  std::uint8_t protocol = 0;  ///< 50 ESP, 51 AH, 108 IPComp
  Mark mark{};

  friend auto operator<=>(const SaId&, const SaId&) = default;
};

/// A cipher or MAC. `key` ends with the salt where the cipher has one.
struct Algorithm {
  std::string name;  ///< of the kernel's crypto API, "rfc4106(gcm(aes))"
  Key key;
  std::size_t key_bytes = 0;   ///< as told; more than `key` can hold makes the SA unwatchable
  std::uint32_t icv_bits = 0;  ///< 0 where the kernel does not tell
};

/// Encapsulation of a template XFRMA_ENCAP; ports in host byte order.
struct SaEncapsulation {
  std::uint16_t type = 0;  ///< UDP_ENCAP_ESPINUDP...
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;

  friend bool operator==(const SaEncapsulation&, const SaEncapsulation&) = default;
};

/// An address and a UDP port.
struct UdpEndpoint {
  IpAddress address;
  std::uint16_t port = 0;

  friend bool operator==(const UdpEndpoint&, const UdpEndpoint&) = default;
};

enum class Direction : std::uint8_t { in, out };

/// One SA.
struct KernelSa {
  SaId id;
  IpAddress source;
  std::uint8_t mode = 0;  ///< XFRM_MODE_TRANSPORT, XFRM_MODE_TUNNEL...
  std::uint32_t reqid = 0;
  std::uint32_t if_id = 0;
  bool esn = false;
  std::optional<SaEncapsulation> encapsulation{};
  std::optional<Algorithm> aead{};
  std::optional<Algorithm> cipher{};
  std::optional<Algorithm> mac{};
  bool compresses = false;               ///< IPComp, which has no keys
  std::optional<Direction> direction{};  ///< kernels of 6.10 and later tell it
  /// Where the peer sends from now, if that is not `source` and the port of the encapsulation.
  std::optional<UdpEndpoint> mapped{};
  std::uint64_t added = 0;  ///< Unix time, s
  /// When we heard of it: number of the message, and time of this computer's monotonic clock.
  std::uint64_t arrival = 0;
  std::chrono::steady_clock::time_point seen{};

  /// A placeholder of an IKE daemon that has chosen an SPI but has no keys yet.
  [[nodiscard]] bool is_larval() const { return !aead && !cipher && !mac && !compresses; }
};

/// SAs are shared, never copied, so that keys are in memory once.
using SaPointer = std::shared_ptr<const KernelSa>;

/// Whether they are one SA for its peer, who may have moved: SPI, ciphers, keys, ESN.
[[nodiscard]] bool same_keys(const KernelSa& a, const KernelSa& b);

/// Whether both say the same, keys included; not compared: when it was added and seen, and where its
/// peer is mapped to.
[[nodiscard]] bool same_content(const KernelSa& a, const KernelSa& b);

/// SAs that a policy wants for its packets.
struct PolicyTemplate {
  IpAddress source;       ///< unspecified: that of the packet
  IpAddress destination;  ///< unspecified: that of the packet
  std::uint8_t protocol = 0;
  std::uint8_t mode = 0;
  std::uint32_t reqid = 0;
};

/// A policy.
struct KernelPolicy {
  std::uint32_t index = 0;  ///< what the kernel knows it by
  std::uint8_t type = 0;    ///< XFRM_POLICY_TYPE_MAIN, _SUB
  Direction direction{};    ///< forwarded packets are `in`: they came through the same SAs
  std::vector<PolicyTemplate> templates{};
};

}  // namespace sapulse::kernel
