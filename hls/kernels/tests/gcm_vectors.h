// SPDX-License-Identifier: Apache-2.0
// AES-GCM cases of other people, as nested packets. Keys of 128 and 256 bits, 96-bit IVs, text of whole 32-bit words:
// what ESP can have. Their AAD is not the 8 bytes of ESP, so the ICV is carried over: ICVs of two AADs differ by the
// two GHASHes alone (NIST SP 800-38D, section 7.1), which a bit-serial multiplication computes.
#pragma once

#include <string>
#include <vector>

#include "tests/kernel_test.h"

namespace sapulse::test {

struct gcm_case {
  std::string name;
  gcm_key key;
  bytes head;       ///< SPI, sequence, IV
  bytes plaintext;  ///< empty where the case must be refused and does not tell
  bytes ciphertext;
  bytes icv;  ///< for the AAD of ESP; its first bytes where the case has a shorter one
  bool is_valid = true;

  /// SPI, sequence, IV, ciphertext, ICV.
  [[nodiscard]] bytes sealed() const;
  /// SPI, sequence, IV, plaintext, 16 bytes of zeros.
  [[nodiscard]] bytes opened() const;
};

/// NIST CAVP, one file (gcmEncryptExtIV128.rsp, gcmDecrypt256.rsp ..) of Debian's python3-cryptography-vectors.
std::vector<gcm_case> cavp_cases(const std::string& file);
/// Project Wycheproof, tests/vectors/wycheproof_aes_gcm.json.
std::vector<gcm_case> wycheproof_cases();

}  // namespace sapulse::test
