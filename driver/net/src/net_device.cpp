// SPDX-License-Identifier: Apache-2.0
#include "sapulse/net_device.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "link_monitor.h"
#include "memory_cable.h"
#include "packet_socket.h"
#include "register_errors.h"
#include "sapulse/capabilities.h"
#include "soft_card.h"

namespace sapulse {
namespace {

using model::bus_error;
using model::CardModel;
using model::check_register;
using net::LinkMonitor;
using net::PacketSocket;
using net::SoftCard;

constexpr unsigned kInterrupts = regs::interrupt_status::kBits;

Result<void> check(const NetOptions& options) {
  if (options.line == options.core) {
    return failure(Errc::invalid_argument, fmt::format("net:{}: line and core are the same interface", options.line));
  }
  if (std::ranges::find(CardModel::kCapacities, options.sa_capacity) != CardModel::kCapacities.end()) return {};
  return failure(Errc::invalid_argument, fmt::format("net:{}: SA capacity {} is not one of {}", options.line,
                                                     options.sa_capacity, fmt::join(CardModel::kCapacities, ", ")));
}

Result<SoftCard::Ports> open_sockets(const NetOptions& options) {
  const bool alone = options.core.empty();
  SoftCard::Ports sockets;
  for (const std::string* interface : {&options.line, &options.core}) {
    if (interface->empty()) continue;
    auto socket = PacketSocket::open(*interface, alone ? PacketSocket::Mode::beside_ip : PacketSocket::Mode::wire);
    if (!socket) return tl::unexpected(socket.error());
    sockets.push_back(std::move(*socket));
  }
  return sockets;
}

}  // namespace

/// The card, and the thread that runs it. Every access to the card holds the mutex.
class NetDevice::Implementation {
 public:
  /// `links`: of its interfaces; nothing where it has none, in memory.
  static Result<std::unique_ptr<Implementation>> create(NetOptions options, SoftCard::Ports ports,
                                                        std::optional<LinkMonitor> links);
  Implementation(NetOptions options, std::unique_ptr<SoftCard> card, std::optional<LinkMonitor> links,
                 FileDescriptor stop, FileDescriptor event)
      : options_(std::move(options)),
        card_(std::move(card)),
        links_(std::move(links)),
        stop_(std::move(stop)),
        event_(std::move(event)),
        thread_([this] { run(); }) {}

  ~Implementation() {
    eventfd_write(stop_.get(), 1);
    thread_.join();
  }
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  /// Does something with the card, and wakes those up who wait for what comes of it.
  template <class Use>
  auto use(Use&& use) {
    const std::scoped_lock lock(mutex_);
    auto result = use(*card_);
    notify();
    return result;
  }

  bool wait(unsigned vector, std::chrono::nanoseconds timeout) {
    std::unique_lock lock(mutex_);
    return interrupted_.wait_for(lock, timeout, [&] { return (card_->interrupts() >> vector & 1) != 0; });
  }

  [[nodiscard]] const NetOptions& options() const { return options_; }
  [[nodiscard]] bool in_memory() const { return !links_; }
  [[nodiscard]] int event() const { return event_.get(); }

 private:
  void notify() {
    if (card_->interrupts() == 0) return;
    interrupted_.notify_all();
    eventfd_write(event_.get(), 1);
  }
  void run();

  NetOptions options_;
  std::mutex mutex_;
  std::condition_variable interrupted_;
  std::unique_ptr<SoftCard> card_;
  std::optional<LinkMonitor> links_;
  FileDescriptor stop_;
  FileDescriptor event_;  ///< readable once an interrupt has been pending since it was drained
  std::thread thread_;
};

Result<std::unique_ptr<NetDevice::Implementation>> NetDevice::Implementation::create(NetOptions options,
                                                                                     SoftCard::Ports ports,
                                                                                     std::optional<LinkMonitor> links) {
  if (!options.time) options.time = make_system_time();
  FileDescriptor stop(eventfd(0, EFD_CLOEXEC));
  FileDescriptor event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!options.time || !stop || !event) return failure(Errc::io_error, "no timer or event left in the system");
  auto card = SoftCard::create(std::move(ports), options.sa_capacity, options.time, options.tap);
  if (!card) return tl::unexpected(card.error());
  return std::make_unique<Implementation>(std::move(options), std::move(*card), std::move(links), std::move(stop),
                                          std::move(event));
}

void NetDevice::Implementation::run() {
  (void)prctl(PR_SET_NAME, "sapulse-net");
  (void)drop_network_capabilities();
  std::vector<pollfd> files{{stop_.get(), POLLIN, 0},
                            {links_ ? links_->descriptor() : -1, POLLIN, 0},
                            {options_.time->descriptor(), POLLIN, 0}};
  for (const auto& port : card_->ports()) files.push_back({port->descriptor(), POLLIN, 0});
  for (;;) {
    if (poll(files.data(), files.size(), -1) < 0 && errno != EINTR) return;
    if (files[0].revents != 0) return;
    const std::scoped_lock lock(mutex_);
    if (links_ && files[1].revents != 0 && links_->take()) card_->look(options_.report);
    card_->run();
    notify();
  }
}

namespace {

class NetBuffer final : public DmaBuffer {
 public:
  using Unmap = std::function<void(std::uint64_t)>;
  NetBuffer(std::uint64_t iova, std::span<std::byte> bytes, Unmap unmap)
      : iova_(iova), bytes_(bytes), unmap_(std::move(unmap)) {}
  ~NetBuffer() override { unmap_(iova_); }

  [[nodiscard]] std::span<std::byte> bytes() override { return bytes_; }
  [[nodiscard]] std::uint64_t iova() const override { return iova_; }

 private:
  std::uint64_t iova_;
  std::span<std::byte> bytes_;
  Unmap unmap_;
};

}  // namespace

Result<std::unique_ptr<NetDevice>> NetDevice::open(NetOptions options) {
  if (auto good = check(options); !good) return tl::unexpected(good.error());
  if (!options.report) options.report = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
  auto links = LinkMonitor::open();
  if (!links) return tl::unexpected(links.error());
  auto sockets = open_sockets(options);
  if (!sockets) return tl::unexpected(sockets.error());
  auto made = Implementation::create(std::move(options), std::move(*sockets), std::move(*links));
  if (!made) return tl::unexpected(made.error());
  return std::unique_ptr<NetDevice>(new NetDevice(std::move(*made)));
}

Result<std::pair<std::unique_ptr<NetDevice>, std::unique_ptr<NetDevice>>> NetDevice::open_joined(FrameTap tap) {
  auto cable = net::make_memory_cable();
  if (!cable) return tl::unexpected(cable.error());
  const auto open_at = [](std::unique_ptr<net::FramePort> end, FrameTap own_tap) {
    SoftCard::Ports ports;
    ports.push_back(std::move(end));
    NetOptions options;
    options.tap = std::move(own_tap);
    return Implementation::create(std::move(options), std::move(ports), std::nullopt)
        .map([](std::unique_ptr<Implementation>&& made) {
          return std::unique_ptr<NetDevice>(new NetDevice(std::move(made)));
        });
  };
  auto first = open_at(std::move(cable->first), std::move(tap));
  if (!first) return tl::unexpected(first.error());
  auto second = open_at(std::move(cable->second), {});
  if (!second) return tl::unexpected(second.error());
  return std::pair(std::move(*first), std::move(*second));
}

NetDevice::NetDevice(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
NetDevice::~NetDevice() = default;

std::string NetDevice::name() const {
  if (is_simulated()) return "model";
  const NetOptions& options = implementation_->options();
  return "net:" + options.line + (options.core.empty() ? "" : "," + options.core);
}

bool NetDevice::is_simulated() const { return implementation_->in_memory(); }

Result<std::uint32_t> NetDevice::read32(std::uint32_t offset) {
  if (auto good = check_register("read of", offset); !good) return tl::unexpected(good.error());
  const auto value = implementation_->use([&](SoftCard& card) { return card.read32(offset); });
  if (!value) return bus_error("read of", offset);
  return *value;
}

Result<void> NetDevice::write32(std::uint32_t offset, std::uint32_t value) {
  if (auto good = check_register("write to", offset); !good) return good;
  if (!implementation_->use([&](SoftCard& card) { return card.write32(offset, value); })) {
    return bus_error("write to", offset);
  }
  return {};
}

Result<std::unique_ptr<DmaBuffer>> NetDevice::allocate_dma(std::size_t bytes, std::size_t alignment) {
  return implementation_->use([&](SoftCard& card) {
    return card.memory().map(bytes, alignment).map([&](std::uint64_t iova) -> std::unique_ptr<DmaBuffer> {
      return std::make_unique<NetBuffer>(iova, card.memory().region(iova), [this](std::uint64_t gone) {
        implementation_->use([&](SoftCard& owner) {
          owner.memory().unmap(gone);
          return true;
        });
      });
    });
  });
}

// The card is another thread, which the mutex orders at every access to a register; memory alone is what remains.
void NetDevice::barrier() { std::atomic_thread_fence(std::memory_order_seq_cst); }

Result<bool> NetDevice::wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) {
  if (vector >= kInterrupts) {
    return failure(Errc::invalid_argument,
                   fmt::format("interrupt {} does not exist; there are {}", vector, kInterrupts));
  }
  return implementation_->wait(vector, timeout);
}

int NetDevice::event_descriptor() const { return implementation_->event(); }

Result<void> NetDevice::clear_event() {
  eventfd_t count = 0;
  (void)eventfd_read(implementation_->event(), &count);  // none pending is as good
  return {};
}

Result<void> NetDevice::relax() {
  implementation_->use([](SoftCard& card) {
    card.run();
    return true;
  });
  return {};
}

Result<void> NetDevice::reset() {
  implementation_->use([](SoftCard& card) {
    card.reset();
    return true;
  });
  return {};
}

std::array<NetStatistics, 2> NetDevice::statistics() const {
  return implementation_->use([](const SoftCard& card) {
    std::array<NetStatistics, 2> sides{};
    for (std::size_t i = 0; i < card.ports().size(); ++i) sides.at(i) = card.ports()[i]->statistics();
    return sides;
  });
}

std::uint64_t NetDevice::dma_faults() const {
  return implementation_->use([](const SoftCard& card) { return card.dma_faults(); });
}

}  // namespace sapulse
