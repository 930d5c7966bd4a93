// SPDX-License-Identifier: Apache-2.0
// The table that a person reads after a demo.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "traffic/check.h"
#include "traffic/config.h"

namespace sapulse::demo {

struct Files {
  std::filesystem::path sas;
  std::filesystem::path line_in;
  std::filesystem::path core_in;
  std::filesystem::path line_out;
  std::filesystem::path core_out;
  std::filesystem::path report;
};

/// What came in, what became of it, how fast, and where the captures are.
std::string summary(const traffic::Config& config, const traffic::Run& run, const traffic::CheckResult& result,
                    const nlohmann::json& report, const Files& files);

}  // namespace sapulse::demo
