// SPDX-License-Identifier: Apache-2.0
#include "sapulse/control_keys.h"

#include <string_view>
#include <utility>

#include "bytes.h"
#include "crypto.h"
#include "sapulse_wire.h"

namespace sapulse {
namespace {

constexpr std::string_view kControlLabel = "sapulse control 1";
constexpr std::size_t kLongControlKey = 32;
constexpr std::size_t kShortControlKey = 16;

}  // namespace

Result<KeyMaterial> control_keys(const SaDirection& direction, bool plain) {
  CryptoContexts contexts;
  return control_keys(contexts, direction, plain);
}

Result<KeyMaterial> control_keys(CryptoContexts& contexts, const SaDirection& direction, bool plain) {
  Key key = direction.key;
  Salt salt = direction.salt;
  if (!plain) {
    const std::size_t size = direction.key.size() >= kLongControlKey ? kLongControlKey : kShortControlKey;
    ByteWriter info;
    info.put({reinterpret_cast<const std::uint8_t*>(kControlLabel.data()), kControlLabel.size()});
    info.put32(direction.spi);
    SecretBuffer derived(size + wire::salt_bytes);
    if (auto done = contexts.hkdf_sha256(keying_material(direction), info.bytes(), derived); !done) {
      return tl::unexpected(done.error());
    }
    key = Key(std::span(derived).first(size));
    salt = Salt(std::span(derived).last(wire::salt_bytes));
  }
  if (salt.size() != wire::salt_bytes) return failure(Errc::invalid_argument, "the salt of AES-GCM has 4 bytes");
  auto powers = contexts.hash_powers(key);
  if (!powers) return tl::unexpected(powers.error());
  return KeyMaterial{std::move(key), std::move(salt), std::move(*powers)};
}

}  // namespace sapulse
