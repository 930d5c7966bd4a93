// SPDX-License-Identifier: Apache-2.0
// tests/vectors/frames.json: frames and exact answers made by an independent program. tests/cases/frames.json: frames
// from the field, and what has to become of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bytes.h"
#include "config.h"

namespace sapulse::traffic {

struct VectorCase {
  std::string name;
  Bytes in;
  std::vector<Bytes> line_out;
  std::vector<Bytes> core_out;
};

struct Vectors {
  Config config;
  std::vector<VectorCase> cases;
};

/// Cases to be applied in order to one device. Throws std::runtime_error naming the file.
Vectors load_vectors(const std::filesystem::path& file);

/// Cases each for a fresh device. Throws std::runtime_error naming the file.
Vectors load_field_cases(const std::filesystem::path& file);

}  // namespace sapulse::traffic
