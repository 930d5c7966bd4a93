// SPDX-License-Identifier: Apache-2.0
#include "reserved_filter.h"

#include <net/ethernet.h>

#include <initializer_list>

#include "sapulse_wire.h"

namespace sapulse::net {
namespace {

using Code = std::vector<sock_filter>;

constexpr std::uint32_t kTypeAt = 12;     // of the EtherType
constexpr std::uint32_t kNetworkAt = 14;  // of the IP header, without tags
constexpr std::uint32_t kVlanService = 0x88a8;
constexpr unsigned kMostExtensions = 8;  // headers of 8 bytes or more: no more than 64 bytes in all

constexpr std::uint32_t kMostSpi = 255;
constexpr std::uint32_t kWhole = 0xffff'ffff;
constexpr std::uint32_t kProtocolCell = 0;  // of the scratch memory: IP protocol

constexpr std::uint8_t length(const Code& code) { return static_cast<std::uint8_t>(code.size()); }

void append(Code& code, const Code& more) { code.insert(code.end(), more.begin(), more.end()); }

// X is the offset of the header under examination, less what is a constant.
constexpr sock_filter load_byte(std::uint32_t at) { return BPF_STMT(BPF_LD | BPF_B | BPF_IND, at); }
constexpr sock_filter load_half(std::uint32_t at) { return BPF_STMT(BPF_LD | BPF_H | BPF_IND, at); }
constexpr sock_filter load_word(std::uint32_t at) { return BPF_STMT(BPF_LD | BPF_W | BPF_IND, at); }
constexpr sock_filter add(std::uint32_t value) { return BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, value); }
constexpr sock_filter kAddX = BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0);
constexpr sock_filter kToX = BPF_STMT(BPF_MISC | BPF_TAX, 0);
constexpr sock_filter kFromX = BPF_STMT(BPF_MISC | BPF_TXA, 0);
constexpr sock_filter kStoreProtocol = BPF_STMT(BPF_ST, kProtocolCell);
constexpr sock_filter kLoadProtocol = BPF_STMT(BPF_LD | BPF_MEM, kProtocolCell);
constexpr sock_filter kRefuse = BPF_STMT(BPF_RET | BPF_K, 0);
constexpr sock_filter kTake = BPF_STMT(BPF_RET | BPF_K, kWhole);
constexpr sock_filter skip(std::size_t count) { return BPF_STMT(BPF_JMP | BPF_JA, static_cast<std::uint32_t>(count)); }

/// Runs `then` if A is one of `values`, else skips it.
Code when_one_of(std::initializer_list<std::uint32_t> values, const Code& then) {
  Code code;
  std::size_t left = values.size();
  for (const std::uint32_t value : values) {
    const bool last = --left == 0;
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, static_cast<std::uint8_t>(left),
                            static_cast<std::uint8_t>(last ? length(then) : 0)));
  }
  append(code, then);
  return code;
}

/// Refuses the frame unless A is `value`.
Code require(std::uint32_t value) { return {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0), kRefuse}; }

/// Leaves the EtherType behind all tags in A, and their bytes in X. The outermost tag of a frame is never in it: the
/// kernel has taken it out.
Code skip_tags() {
  Code code{BPF_STMT(BPF_LDX | BPF_IMM, 0), load_half(kTypeAt)};
  for (std::uint32_t tag = 1; tag < wire::vlan_tags_max; ++tag) {
    append(code, when_one_of({ETHERTYPE_VLAN, kVlanService},
                             {BPF_STMT(BPF_LDX | BPF_IMM, tag * wire::vlan_bytes), load_half(kTypeAt)}));
  }
  return code;
}

/// Leaves the protocol in A, and the offset of its header in X.
Code ipv4() {
  constexpr std::uint32_t kFragment = 0x3fff;  // more fragments, offset
  constexpr std::uint32_t kFlagsAt = 6;
  constexpr std::uint32_t kProtocolAt = 9;
  return {load_half(kNetworkAt + kFlagsAt),
          BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kFragment, 0, 1),
          kRefuse,
          load_byte(kNetworkAt + kProtocolAt),
          kStoreProtocol,
          load_byte(kNetworkAt),
          BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf),
          BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 2),
          kAddX,
          add(kNetworkAt),
          kToX,
          kLoadProtocol};
}

/// The same, behind extension headers.
Code ipv6() {
  constexpr std::uint32_t kNextHeaderAt = 6;
  Code code{load_byte(kNetworkAt + kNextHeaderAt), kStoreProtocol, kFromX,
            add(kNetworkAt + wire::ipv6_bytes),    kToX,           kLoadProtocol};
  for (unsigned i = 0; i < kMostExtensions; ++i) {
    append(code, when_one_of({wire::protocol_hop_by_hop, wire::protocol_destination_options},
                             {load_byte(0), kStoreProtocol, load_byte(1), add(1),
                              BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 3), kAddX, kToX, kLoadProtocol}));
  }
  return code;
}

/// A has to be the protocol: leaves the SPI in A.
Code spi(std::uint16_t udp_port) {
  constexpr std::uint32_t kAuthenticationSpiAt = 4;
  constexpr std::uint32_t kPortAt = 2;
  constexpr std::uint32_t kDatagramAt = 8;
  Code udp = require(wire::protocol_udp);
  udp.push_back(load_half(kPortAt));
  append(udp, require(udp_port));
  udp.push_back(load_word(kDatagramAt));
  const Code ah = when_one_of({wire::protocol_ah}, {load_word(kAuthenticationSpiAt), skip(udp.size())});
  Code code = when_one_of({wire::protocol_esp}, {load_word(0), skip(ah.size() + udp.size())});
  append(code, ah);
  append(code, udp);
  return code;
}

}  // namespace

std::vector<sock_filter> reserved_filter(std::uint16_t udp_port) {
  Code code = skip_tags();
  const Code six = ipv6();
  Code four = ipv4();
  four.push_back(skip(six.size() + require(ETHERTYPE_IPV6).size()));
  append(code, when_one_of({ETHERTYPE_IP}, four));
  append(code, require(ETHERTYPE_IPV6));
  append(code, six);
  append(code, spi(udp_port));
  append(code, {BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, kMostSpi, 1, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
                kRefuse, kTake});
  return code;
}

}  // namespace sapulse::net
