// SPDX-License-Identifier: Apache-2.0
#include "path.h"

#include <cstddef>
#include <cstring>
#include <span>

#include "sapulse_wire.h"

namespace sapulse::model {
namespace {

constexpr std::uint8_t kDscpMax = 63;

/// A byte string of the wire as a number.
template <int W>
ap_uint<W> number(std::span<const std::byte, W / 8> bytes) {
  ap_uint<W> value = 0;
  for (const std::byte byte : bytes) value = (value << 8) | ap_uint<W>(std::to_integer<unsigned>(byte));
  return value;
}

}  // namespace

bool is_bad(regs::ConstPathWrite command) {
  if (command.valid() > 1 || command.ipv6() > 1) return true;
  if (command.encapsulation() > ENCAP_AH || command.tags() > wire::vlan_tags_max || command.dscp() > kDscpMax) {
    return true;
  }
  return command.valid() != 0 && (command.control_spi() == 0 || command.control_spi() > wire::spi_reserved_max);
}

header_job make_path(regs::ConstPathWrite command) {
  header_job job = {};
  job.l2.dst = number<48>(command.source_mac());
  job.l2.src = number<48>(command.destination_mac());
  job.l2.tags = command.tags();
  job.l2.tag0 = command.tag0();
  job.l2.tag1 = command.tag1();
  job.l3.v6 = command.ipv6();
  job.l3.dscp = command.dscp();
  job.l3.src = number<128>(command.destination());
  job.l3.dst = number<128>(command.source());
  job.encap = command.encapsulation();
  job.sport = command.destination_port();
  job.dport = command.source_port();
  job.spi = command.control_spi();
  std::memcpy(static_cast<void*>(&job.token_nonce), command.token_nonce().data(), wire::token_nonce_bytes);
  return job;
}

}  // namespace sapulse::model
