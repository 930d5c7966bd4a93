// SPDX-License-Identifier: Apache-2.0
#include "machine.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>

#include "card_thread.h"
#include "control_channel.h"
#include "guest_dma.h"
#include "guest_memory.h"
#include "pci_card.h"
#include "qtest_chipset.h"
#include "wire.h"

namespace sapulse::sim {
namespace {

constexpr PciPlace kPlace{};

struct Sockets {
  SocketPair proxy{SOCK_STREAM};
  SocketPair qtest{SOCK_STREAM};
  SocketPair line{SOCK_DGRAM};
  SocketPair core{SOCK_DGRAM};
  SocketPair control{SOCK_STREAM};

  [[nodiscard]] MachineSockets theirs() const {
    return {proxy.theirs(), qtest.theirs(), line.theirs(), core.theirs(), control.theirs()};
  }
  void close_theirs() {
    for (SocketPair* pair : {&proxy, &qtest, &line, &core, &control}) pair->close_theirs();
  }
};

/// Broken rules of buses and failed assertions: all but refused memory accesses, which guests may provoke.
std::string complaints(const Card& card) {
  std::string text;
  for (const Violation& violation : card.violations()) {
    if (violation.kind == Violation::Kind::dma_fault) continue;
    text += (text.empty() ? "cycle " : " | cycle ") + std::to_string(violation.cycle) + ": " + violation.message;
  }
  return text.empty() ? "none" : text;
}

/// A frame that nothing else sends (an EtherType for local experiments), different each time.
Frame marker(unsigned number) {
  constexpr std::size_t kBytes = 60;
  constexpr std::size_t kEtherType = 12;
  Frame frame(kBytes, std::byte{0xff});
  frame[kEtherType] = std::byte{0x88};
  frame[kEtherType + 1] = std::byte{0xb5};
  for (std::size_t i = 0; i < sizeof number; ++i) frame[kEtherType + 2 + i] = static_cast<std::byte>(number >> 8 * i);
  return frame;
}

/// The parts around a card, joined.
class Machine {
 public:
  Machine(Card& card, Sockets& sockets, GuestDma& dma, Vtd& iommu, GuestMemory& memory, QtestChipset& chipset)
      : thread_(card),
        pci_(thread_, chipset, memory, iommu, dma, kPlace),
        line_(sockets.line.ours(), Port::line),
        core_(sockets.core.ours(), Port::core),
        control_(sockets.control.ours()) {
    thread_.add_attendant([this](Card& each) {
      line_.move(each);
      core_.move(each);
      control_.attend(each);
    });
    add_requests(dma);
  }

  /// Serves QEMU until it goes.
  void run(int proxy) {
    std::thread link([&] {
      serve_proxy(proxy, pci_);
      thread_.stop();
    });
    thread_.run();
    // QEMU may still be waiting for a register when the simulation has ended by itself.
    shutdown(proxy, SHUT_RDWR);
    link.join();
  }

  [[nodiscard]] std::optional<int> exit_status() const { return exit_status_; }

 private:
  void add_requests(GuestDma& dma) {
    const auto count = [this](const std::string& name, auto value) {
      control_.add(name, [value](Card&, const auto&) { return std::to_string(value()); });
    };
    count("faults", [&dma] { return dma.faults(); });
    count("blocked", [&dma] { return dma.blocked(); });
    count("resets", [this] { return pci_.resets(); });
    count("boots", [this] { return ++boots_; });
    control_.add("cycle", [](Card& card, const auto&) { return std::to_string(card.cycle()); });
    control_.add("complaints", [](Card& card, const auto&) { return complaints(card); });
    control_.add("gone", [this](Card&, const std::vector<std::string>& words) {
      pci_.set_gone(words == std::vector<std::string>{"1"});
      return std::string("good");
    });
    control_.add("deaf", [this](Card&, const std::vector<std::string>& words) {
      pci_.set_deaf(words == std::vector<std::string>{"1"});
      return std::string("good");
    });
    control_.add("settle", [this](Card& card, const auto&) { return settle(card); });
    control_.add("mark", [this](Card&, const std::vector<std::string>& words) {
      const Frame frame = marker(++markers_);
      (words == std::vector<std::string>{"core"} ? core_ : line_).inject(frame);
      std::string digits;
      for (const std::byte byte : frame) digits += fmt::format("{:02x}", byte);
      return digits;
    });
    control_.add("exit", [this](Card&, const std::vector<std::string>& words) {
      exit_status_ = words.empty() ? EXIT_FAILURE : std::atoi(words.front().c_str());
      return std::string("good");
    });
  }

  /// Until no frame has moved for a while.
  std::string settle(Card& card) {
    constexpr std::uint64_t kQuiet = 1000;
    do {
      card.step(kQuiet / 10);
      line_.move(card);
      core_.move(card);
    } while (card.pending(Port::line) > 0 || card.pending(Port::core) > 0 || card.transferring() ||
             card.cycle() - card.last_activity() < kQuiet);
    return "good";
  }

  CardThread thread_;
  PciCard pci_;
  Wire line_;
  Wire core_;
  ControlChannel control_;
  unsigned boots_ = 0;
  unsigned markers_ = 0;
  std::optional<int> exit_status_;
};

struct Run {
  ProgramEnd end;
  std::optional<int> exit_status;
};

Result<Run> run_once(const MachineOptions& machine, const CardOptions& options) {
  Sockets sockets;
  GuestMemory memory;
  QtestChipset chipset(sockets.qtest.ours());
  Vtd iommu(chipset, memory, kPlace.bus, static_cast<std::uint8_t>(kPlace.slot << 3));
  GuestDma dma(iommu, memory);
  auto card = Card::create(options, &dma);
  if (!card) return tl::unexpected(card.error());
  Machine parts(**card, sockets, dma, iommu, memory, chipset);

  const MachineSockets theirs = sockets.theirs();
  const auto qemu = start_program(machine_arguments(machine, theirs, kPlace.slot),
                                  {theirs.proxy, theirs.qtest, theirs.line, theirs.core, theirs.control});
  if (!qemu) return tl::unexpected(qemu.error());
  sockets.close_theirs();
  parts.run(sockets.proxy.ours());
  const ProgramEnd end = wait_program(*qemu);
  return Run{end, parts.exit_status()};
}

}  // namespace

Result<std::optional<int>> run_machine(const MachineOptions& machine, const CardOptions& options) {
  constexpr unsigned kAttempts = 3;
  for (unsigned attempt = 1;; ++attempt) {
    const auto run = run_once(machine, options);
    if (!run) return tl::unexpected(run.error());
    // A guest that has said how it ended has ended: QEMU may still stumble over the sockets that close around it.
    if (run->exit_status || run->end == ProgramEnd::well) return run->exit_status;
    if (run->end == ProgramEnd::badly) {
      return failure(Errc::io_error, "QEMU (qemu-system-x86_64) failed or is not installed");
    }
    // Once in some dozens of runs, QEMU 7.2 with a remote device is ended by a segmentation fault of its own.
    if (attempt == kAttempts) return failure(Errc::io_error, fmt::format("QEMU crashed {} times", kAttempts));
    fmt::print(stderr, "sapulse-vm: QEMU crashed: starting the machine again, {} of {}\n", attempt + 1, kAttempts);
  }
}

}  // namespace sapulse::sim
