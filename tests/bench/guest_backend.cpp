// SPDX-License-Identifier: Apache-2.0
// The card over /dev/vfio in a guest. Beside it: QEMU's own device "edu", and the SAs of the guest's kernel.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include "backend.h"
#include "guest_rig.h"
#include "iommu_space.h"
#include "pci_config.h"
#include "pci_info.h"
#include "registers_bar.h"
#include "support/convert.h"

namespace sapulse::bench {
namespace {

using test::must;

/// A register that has nothing of ours behind it, through the same driver and the same QEMU.
void edu_register_read(benchmark::State& state) {
  constexpr std::uint32_t kLiveness = 4;
  const char* const given = std::getenv("EDU");
  if (given == nullptr) return state.SkipWithError("no PCI address in the variable EDU");
  const std::string address = given;
  const auto space = must(open_group_space({}, must(read_pci_info(Sysfs(), address), "edu")), "group");
  must(must(PciConfig::open(space->device(), address), "configuration").enable_memory(), "memory");
  const RegistersBar registers = must(RegistersBar::map(space->device(), address), "BAR");
  for (auto _ : state) benchmark::DoNotOptimize(registers.read(kLiveness));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void run_ip(const std::string& arguments) {
  // By path: the shell has a small ip of its own.
  if (std::system(("/bin/ip " + arguments).c_str()) != 0) throw std::runtime_error("ip " + arguments);
}

/// SA pairs of the kernel's own IPsec, from a file of commands; the start of the program that reads it included.
void kernel_add_sas(benchmark::State& state) {
  constexpr unsigned kPairs = 64;
  constexpr unsigned kFirstSpi = 0x1000;
  const std::string file = "/tmp/sas.batch";
  {
    std::ofstream commands(file);
    for (unsigned i = 0; i < 2 * kPairs; ++i) {
      commands << fmt::format(
          "xfrm state add src 192.0.2.{} dst 192.0.2.{} proto esp spi {} mode transport aead 'rfc4106(gcm(aes))' "
          "0x{:040x} 128\n",
          i % 2 + 1, 2 - i % 2, kFirstSpi + i, i);
    }
  }
  for (auto _ : state) {
    run_ip("-batch " + file);
    state.PauseTiming();
    run_ip("xfrm state flush");
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kPairs));
}

}  // namespace

std::unique_ptr<test::Rig> make_bench_rig() { return std::make_unique<test::GuestRig>(); }

void register_backend_benchmarks(bool once) {
  for (auto* const each : {benchmark::RegisterBenchmark("edu_register_read", edu_register_read),
                           benchmark::RegisterBenchmark("kernel_add_sas", kernel_add_sas)}) {
    each->UseRealTime();
    if (once) each->Iterations(1);
  }
}

}  // namespace sapulse::bench
