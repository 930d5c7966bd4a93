// SPDX-License-Identifier: Apache-2.0
#include "reactions.h"

#include <string>
#include <utility>
#include <variant>

#include "program_reaction.h"
#include "url_reaction.h"
#include "vici_reaction.h"

namespace sapulse::reactions {
namespace {

/// A reaction and its name for logs.
struct Named {
  std::string name;
  std::unique_ptr<Reaction> reaction;
};

Result<Named> make(const ProgramAction& action, const std::string& card) {
  return Named{.name = action.command.front(), .reaction = std::make_unique<ProgramReaction>(action.command, card)};
}

Result<Named> make(const UrlAction& action, const std::string& card) {
  return public_part(action.url).map([&](const std::string& name) {
    return Named{.name = name, .reaction = std::make_unique<UrlReaction>(action.url, card)};
  });
}

Result<Named> make(const ViciAction& action, const std::string& /*card*/) {
  return Named{.name = "vici", .reaction = std::make_unique<ViciReaction>(action.socket)};
}

}  // namespace

Result<Reactions> Reactions::create(std::span<const ReactionSettings> settings, const Log& log,
                                    const std::string& card) {
  Reactions all;
  for (const ReactionSettings& one : settings) {
    auto made = std::visit([&](const auto& action) { return make(action, card); }, one.action);
    if (!made) return tl::unexpected(made.error());
    all.workers_.push_back(
        std::make_unique<ReactionWorker>(std::move(made->name), one, std::move(made->reaction), log));
  }
  return all;
}

void Reactions::take(const LivenessChange& change) {
  for (const auto& worker : workers_) worker->take(change);
}

}  // namespace sapulse::reactions
