// SPDX-License-Identifier: Apache-2.0
#include "info_command.h"

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "device_option.h"
#include "sapulse/registers.h"
#include "subcommands.h"
#include "version.h"

namespace sapulse::command {
namespace {

struct InfoOptions {
  std::optional<DeviceAddress> device;
  bool json = false;
};

std::string version_text(unsigned major, unsigned minor, unsigned patch) {
  return fmt::format("{}.{}.{}", major, minor, patch);
}

std::string card_version(const CardInfo& info) {
  return version_text(info.version_major, info.version_minor, info.version_patch);
}

std::string library_version() { return version_text(regs::kVersionMajor, regs::kVersionMinor, regs::kVersionPatch); }

int run_info(const InfoOptions& options) {
  const DeviceAddress address = options.device.value_or(DeviceAddress{});
  const auto device = open_card_device(address, NetAdmin::drop);
  if (!device) {
    (void)fail(device.error(), options.json);
    // Where it has not been built or installed, another device has to be named.
    return address.is_simulated() ? exit_usage : exit_device;
  }
  const auto info = read_card_info(**device);
  if (!info) {
    (void)fail(info.error(), options.json);
    return exit_device;
  }
  const std::string name = (*device)->name();
  fmt::print("{}", options.json ? info_json(name, *info).dump(2) + "\n" : info_text(name, *info));
  return exit_good;
}

/// As in the register description.
std::string capability_names(const CardInfo& info) {
  std::vector<std::string_view> names;
  if (info.has_requester()) names.emplace_back("requester");
  if (info.has_prober()) names.emplace_back("prober");
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

nlohmann::ordered_json info_json(const std::string& device, const CardInfo& info) {
  return {{"device", device},
          {"interface_version", card_version(info)},
          {"commit", fmt::format("{:08x}", info.git_hash)},
          {"capabilities", info.capabilities},
          {"sa_capacity", info.sa_capacity},
          {"index_buckets", info.index_buckets},
          {"lanes", info.lanes},
          {"clock_khz", info.clock_khz},
          {"counters", info.counters},
          {"library_interface_version", library_version()},
          {"version", kVersion}};
}

std::string info_text(const std::string& device, const CardInfo& info) {
  return fmt::format(
      "device             {}\n"
      "interface version  {} (this program: {}, interface {})\n"
      "commit             {:08x}\n"
      "SAs                {}, index of {} buckets\n"
      "AES blocks/cycle   {}\n"
      "clock              {:.3f} MHz\n"
      "counters           {}\n"
      "capabilities       {}\n",
      device, card_version(info), kVersion, library_version(), info.git_hash, info.sa_capacity, info.index_buckets,
      info.lanes, info.clock_khz / 1000.0, info.counters, capability_names(info));
}

void add_info_command(Command& app) {
  const auto options = std::make_shared<InfoOptions>();
  Command info = app.add_command("info", "say what a card is and whether this program can work with it");
  add_device_option(info, options->device);
  info.add_flag("--json", options->json, "as one JSON object");
  info.on_run([options] { return run_info(*options); });
}

}  // namespace sapulse::command
