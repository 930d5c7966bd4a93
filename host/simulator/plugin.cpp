// SPDX-License-Identifier: Apache-2.0
// What the simulator gives to libsapulse (sapulse/simulator.h) and to the command (simulator.h).
#include <array>

#include "commands.h"
#include "sapulse/background_device.h"
#include "sapulse/simulator.h"
#include "simulated_card.h"

namespace sapulse::command {
namespace {

int run(int argc, char** argv) {
  const std::array<AddCommand, 2> commands{add_sim_command, add_lab_command};
  return run_command_line(argc, argv, commands);
}

Result<std::unique_ptr<Device>> open_device() {
  return SimDevice::create({}).and_then([](std::unique_ptr<SimDevice>&& device) {
    return BackgroundDevice::create(std::move(device)).map([](std::unique_ptr<BackgroundDevice>&& made) {
      return std::unique_ptr<Device>(std::move(made));
    });
  });
}

}  // namespace
}  // namespace sapulse::command

extern "C" {
extern const sapulse::command::Simulator sapulse_simulator;
const sapulse::command::Simulator sapulse_simulator{.open_card = sapulse::command::SimulatedCard::open,
                                                    .run = sapulse::command::run};
extern const sapulse::OpenSimulatedDevice sapulse_open_simulated_device;
const sapulse::OpenSimulatedDevice sapulse_open_simulated_device = sapulse::command::open_device;
}
