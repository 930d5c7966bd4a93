// SPDX-License-Identifier: Apache-2.0
#include "watch.h"

#include "sapulse/secret.h"

namespace sapulse {

void LearntToken::learn(const Token& token, std::uint64_t now) {
  if (!known_ || !equal_constant_time(token_, token)) spent_ = false;
  token_ = token;
  known_ = true;
  time_ = now;
}

LearntToken::Verdict LearntToken::judge(std::span<const std::uint8_t> token) {
  if (!known_ || !equal_constant_time(token_, token)) return Verdict::wrong;
  if (spent_) return Verdict::spent;
  spent_ = true;
  return Verdict::proof;
}

}  // namespace sapulse
