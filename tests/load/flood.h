// SPDX-License-Identifier: Apache-2.0
// Frames of strangers, of one kind after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "traffic/config.h"
#include "traffic/generator.h"
#include "traffic/random.h"

namespace sapulse::test {

/// Not thread-safe.
class Flood {
 public:
  /// `config`: of a card, with some of its SAs, which keep their keys.
  Flood(traffic::Config config, std::uint64_t seed);

  /// Chooses the next kind and returns its name. `recorded`: answers of peers, at least one.
  const std::string& next_kind(const std::vector<traffic::Bytes>& recorded);
  /// So many frames of the kind.
  std::vector<traffic::Bytes> make(std::size_t frames);

 private:
  traffic::Bytes one();

  const traffic::Config config_;
  traffic::Random random_;
  traffic::Generator generator_;
  std::size_t kind_;
  std::vector<traffic::Bytes> recorded_;
};

}  // namespace sapulse::test
