// SPDX-License-Identifier: Apache-2.0
// Boots a guest with the simulated card in it (docs/vfio.md).
#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "machine.h"

namespace sapulse::sim {
namespace {

int run(int argc, char** argv) {
  CLI::App app{"boots a Linux guest with the simulated card as a PCI device", "sapulse-vm"};
  MachineOptions machine;
  // Short waits for memory: what they would find out is tested in process, and here they cost real time.
  CardOptions card;
  card.memory_latency_min = 8;
  card.memory_latency_max = 32;
  app.add_option("--kernel", machine.kernel, "Linux kernel")->required()->check(CLI::ExistingFile);
  app.add_option("--initrd", machine.initrd, "initial file system")->required()->check(CLI::ExistingFile);
  app.add_option("--append", machine.append, "more words for the kernel's command line");
  app.add_option("--memory", machine.memory, "MiB of the guest's memory")->check(CLI::Range(128, 16384));
  app.add_flag("--reboot", machine.reboot, "let the guest reboot; otherwise that ends it");
  app.add_flag("--interactive", machine.interactive, "the guest's console on this terminal");
  app.add_flag("--edu", machine.edu, "QEMU's device edu beside the card");
  app.add_option("--sa-capacity", card.sa_capacity, "SAs of the card");
  app.add_option("--seed", card.seed, "of memory latencies");
  app.add_flag(
      "--rtl-kernels", [&card](std::int64_t) { card.kernels = KernelKind::rtl; },
      "no simulation views of kernels: the guest has three times as long for a cycle");
  CLI11_PARSE(app, argc, argv);
  const auto status = run_machine(machine, card);
  if (!status) {
    std::cerr << "sapulse-vm: " << status.error().message << '\n';
    return EXIT_FAILURE;
  }
  if (const auto& reported = *status) return *reported;
  if (machine.interactive) return EXIT_SUCCESS;
  std::cerr << "sapulse-vm: the guest ended without a report\n";
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace sapulse::sim

int main(int argc, char** argv) {
  try {
    return sapulse::sim::run(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "sapulse-vm: %s\n", failure.what());
    return EXIT_FAILURE;
  }
}
