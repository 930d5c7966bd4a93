// SPDX-License-Identifier: Apache-2.0
// Configuration files: addresses, actions, errors and SAs in YAML.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sapulse/address.h"
#include "sapulse/card.h"
#include "sapulse/error.h"
#include "sapulse/error_responder.h"
#include "sapulse/http_settings.h"
#include "sapulse/kernel_sas.h"
#include "sapulse/reaction_settings.h"
#include "sapulse/sa.h"
#include "sapulse/secret.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Contents of a configuration file (docs/host-library.md describes the format).
struct Config {
  std::string device;  ///< the card, as DeviceAddress::parse() reads it; empty: whoever opens one knows which
  CardConfig card;
  DeviceSecret secret;           ///< empty: no crash tokens
  ErrorResponderOptions errors;  ///< codes and ICMP peers
  std::vector<SaParameters> sas;
  bool sas_from_kernel = false;  ///< `sas: kernel`: `sas` is empty, and the service follows the kernel
  KernelSaSettings kernel;  ///< how SAs of the kernel are chosen and watched, now or when an operator asks for them
  std::optional<HttpSettings> http;         ///< absent: nothing is told by HTTP
  std::vector<ReactionSettings> reactions;  ///< what the service does about changes of state
};

/// Whether SAs of a file may name their first control sequence number (`next`). A file that is read twice would use it
/// twice under the same keys, which gives the keys of AES-GCM away, unless a directory of state remembers what has been
/// used. A simulated card sends to nobody.
enum class NextField : std::uint8_t { refused, allowed };

/// Reads a file. `sa_capacity`: SAs that the card holds. Errors: not_found or io_error (the file), parse_error: one
/// line, "file:line: what"; no message contains key material.
Result<Config> load_config(const std::filesystem::path& file, std::size_t sa_capacity,
                           NextField next = NextField::refused);

/// Same for text; `name` stands for the file in messages.
Result<Config> parse_config(std::string_view text, const std::string& name, std::size_t sa_capacity,
                            NextField next = NextField::refused);

/// Refuses a file of keys that others than its owner and its group may read or write. Errors: invalid_argument. A file
/// that is not there is left to load_config().
Result<void> check_key_file(const std::filesystem::path& file);

}  // namespace sapulse
#pragma GCC visibility pop
