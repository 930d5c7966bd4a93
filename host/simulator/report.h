// SPDX-License-Identifier: Apache-2.0
// The report of a simulation run (docs/simulation.md).
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "capture.h"
#include "sim_options.h"
#include "sim_run.h"

namespace sapulse::command {

/// Cycles per reply in the middle half of the replies; nothing for fewer than 8 replies.
std::optional<double> steady_cycles_per_reply(std::span<const std::uint64_t> reply_cycles);

/// `left_out`: of both input captures, by Port.
nlohmann::ordered_json make_report(const SimOptions& options, const SimFigures& figures,
                                   const std::array<Capture, sim::kPortCount>& left_out);

/// Errors: io_error.
Result<void> write_report(const std::filesystem::path& file, const nlohmann::ordered_json& report);

}  // namespace sapulse::command
