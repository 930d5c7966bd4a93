// SPDX-License-Identifier: Apache-2.0
// Between the types of the judge and those of the product, which share no code.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "sapulse/counters.h"
#include "sapulse/error.h"
#include "sapulse/sa.h"
#include "traffic/check.h"
#include "traffic/config.h"

namespace sapulse::test {

/// The value, or std::runtime_error with `what` and the message: the test ends there.
template <class T>
T must(Result<T> result, const char* what) {
  if (!result) throw std::runtime_error(std::string(what) + ": " + result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

std::vector<std::byte> to_frame(const traffic::Bytes& bytes);
traffic::Bytes to_bytes(const std::vector<std::byte>& frame);

/// Parameters of an SA for the host library.
SaParameters parameters(const traffic::Association& sa);

/// All counters, by the names of registers.yaml.
traffic::Counters named(const Counters& counters);

}  // namespace sapulse::test
