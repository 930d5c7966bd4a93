// SPDX-License-Identifier: Apache-2.0
#include "kernel_sa.h"

namespace sapulse::kernel {
namespace {

bool same(const std::optional<Algorithm>& a, const std::optional<Algorithm>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->name == b->name && a->key_bytes == b->key_bytes && a->icv_bits == b->icv_bits &&
         equal_constant_time(a->key.bytes(), b->key.bytes());
}

}  // namespace

bool same_keys(const KernelSa& a, const KernelSa& b) {
  return a.id.spi == b.id.spi && a.id.protocol == b.id.protocol && a.esn == b.esn && same(a.aead, b.aead) &&
         same(a.cipher, b.cipher) && same(a.mac, b.mac);
}

bool same_content(const KernelSa& a, const KernelSa& b) {
  return a.id == b.id && a.source == b.source && a.mode == b.mode && a.reqid == b.reqid && a.if_id == b.if_id &&
         a.encapsulation == b.encapsulation && a.direction == b.direction && same_keys(a, b);
}

}  // namespace sapulse::kernel
