// SPDX-License-Identifier: Apache-2.0
// sapulse-platform: the liveness demonstration on a virtual platform of two gateways; first with the fast model of the
// card, then cycle accurate. usage: sapulse-platform [fast|rtl]     exit 1 when something was not found out, or a rule
// was broken
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "liveness.h"

namespace sapulse::systemc::example {
namespace {

struct Speed {
  const char* name;
  sim::ModelKind model;
};
constexpr Speed kSpeeds[] = {{"fast", sim::ModelKind::fast}, {"rtl", sim::ModelKind::rtl}};

int run(std::string_view only) {
  tlm::tlm_global_quantum::instance().set(sc_core::sc_time(1, sc_core::SC_US));
  std::vector<std::unique_ptr<Demonstration>> demonstrations;
  for (const Speed& speed : kSpeeds) {
    if (!only.empty() && only != speed.name) continue;
    CardModuleOptions options;
    options.card.model = speed.model;
    demonstrations.push_back(std::make_unique<Demonstration>(speed.name, options));
  }
  std::vector<double> seconds;
  const Software director("director", [&] {
    for (const auto& demonstration : demonstrations) {
      if (const auto took = demonstration->run()) seconds.push_back(*took);
    }
    sc_core::sc_stop();
  });
  sc_core::sc_start();
  if (seconds.size() != demonstrations.size()) return 1;
  if (seconds.size() == 2) {
    fmt::print("the fast model was {:.0f} times as fast\n", seconds[1] / std::max(seconds[0], 1e-6));
  }
  return 0;
}

}  // namespace
}  // namespace sapulse::systemc::example

int sc_main(int argc, char** argv) {
  const std::string_view only = argc > 1 ? argv[1] : "";
  if (argc > 2 || (!only.empty() && only != "fast" && only != "rtl")) {
    fmt::print(stderr, "sapulse-platform: '{}' is neither fast nor rtl; usage: sapulse-platform [fast|rtl]\n",
               argv[argc - 1]);
    return 2;
  }
  return sapulse::systemc::example::run(only);
}
