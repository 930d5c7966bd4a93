// SPDX-License-Identifier: Apache-2.0
// `sapulse bind` and `sapulse unbind`: hand a card to VFIO and back.
#include <fmt/format.h>

#include <memory>

#include "sapulse/open_device.h"
#include "sapulse/sysfs.h"
#include "sapulse/vfio_binding.h"
#include "subcommands.h"

namespace sapulse::command {
namespace {

using Action = Result<void> (*)(Sysfs&, const std::string&);

int run(const std::string& text, Action action) {
  const auto address = DeviceAddress::parse("vfio:" + text);
  if (!address) {
    complain(fmt::format("'{}' is no PCI address such as 0000:41:00.0", text));
    return exit_usage;
  }
  Sysfs sysfs;
  if (auto done = action(sysfs, address->place); !done) {
    complain(done.error().message);
    return exit_device;
  }
  return exit_good;
}

void add(Command& app, const std::string& name, const std::string& what, Action action) {
  auto address = std::make_shared<std::string>();
  Command command = app.add_command(name, what);
  command.add_option("address", *address, "PCI address of the card", {.type = "PCI-ADDRESS", .required = true});
  command.on_run([address, action] { return run(*address, action); });
}

}  // namespace

void add_bind_commands(Command& app) {
  add(app, "bind", "hand a card to the kernel driver vfio-pci", bind_to_vfio);
  add(app, "unbind", "take a card away from vfio-pci", unbind_from_vfio);
}

}  // namespace sapulse::command
