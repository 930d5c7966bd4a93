// SPDX-License-Identifier: Apache-2.0
#include "interrupts.h"

#include <fmt/format.h>
#include <linux/vfio.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace sapulse {
namespace {

struct Kind {
  InterruptMode mode;
  unsigned index;  ///< of VFIO
  const char* name;
};
constexpr std::array kKinds{Kind{InterruptMode::msix, VFIO_PCI_MSIX_IRQ_INDEX, "MSI-X"},
                            Kind{InterruptMode::msi, VFIO_PCI_MSI_IRQ_INDEX, "MSI"},
                            Kind{InterruptMode::intx, VFIO_PCI_INTX_IRQ_INDEX, "INTx"}};

const Kind& kind_of(InterruptMode mode) { return *std::ranges::find(kKinds, mode, &Kind::mode); }

/// Interrupts that the device has of a kind; 0 when it has none.
unsigned available(int device, unsigned index) {
  vfio_irq_info info{};
  info.argsz = sizeof info;
  info.index = index;
  if (ioctl(device, VFIO_DEVICE_GET_IRQ_INFO, &info) != 0 || (info.flags & VFIO_IRQ_INFO_EVENTFD) == 0) return 0;
  return info.count;
}

/// What VFIO_DEVICE_SET_IRQS returns: 0, a negative number with errno, or how many the kernel would grant.
int set_events(int device, unsigned index, const std::vector<FileDescriptor>& events) {
  std::vector<std::byte> message(sizeof(vfio_irq_set) + events.size() * sizeof(std::int32_t));
  vfio_irq_set head{};
  head.argsz = static_cast<std::uint32_t>(message.size());
  head.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
  head.index = index;
  head.count = static_cast<std::uint32_t>(events.size());
  std::memcpy(message.data(), &head, sizeof head);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::int32_t event = events[i].get();
    std::memcpy(&message[sizeof head + i * sizeof event], &event, sizeof event);
  }
  return ioctl(device, VFIO_DEVICE_SET_IRQS, message.data());
}

int disable(int device, unsigned index) {
  vfio_irq_set none{};
  none.argsz = sizeof none;
  none.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER;
  none.index = index;
  return ioctl(device, VFIO_DEVICE_SET_IRQS, &none);
}

FileDescriptor make_event() { return FileDescriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

bool drain(int event) {
  std::uint64_t count = 0;
  return read(event, &count, sizeof count) == sizeof count;
}

/// One event for a notice that not every device can give.
FileDescriptor enable_notice(int device, unsigned index) {
  if (available(device, index) == 0) return {};
  std::vector<FileDescriptor> event;
  event.push_back(make_event());
  if (set_events(device, index, event) != 0) return {};
  return std::move(event.front());
}

}  // namespace

Result<Interrupts> Interrupts::enable(int device, const std::string& name, InterruptMode mode, unsigned count) {
  if (mode == InterruptMode::automatic) {
    const auto offered =
        std::ranges::find_if(kKinds, [&](const Kind& kind) { return available(device, kind.index) > 0; });
    mode = offered == kKinds.end() ? InterruptMode::polling : offered->mode;
  }
  Interrupts interrupts(device, mode);
  if (mode != InterruptMode::polling) {
    if (auto enabled = interrupts.enable_vectors(name, count); !enabled) return tl::unexpected(enabled.error());
  }
  interrupts.enable_notices();
  if (mode != InterruptMode::polling) {
    if (auto gathered = interrupts.gather(name); !gathered) return tl::unexpected(gathered.error());
  }
  return interrupts;
}

Interrupts::~Interrupts() {
  if (!events_.empty()) (void)disable(device_, kind_of(mode_).index);  // moved from: there are none
  if (failed_) (void)disable(device_, VFIO_PCI_ERR_IRQ_INDEX);
  if (requested_) (void)disable(device_, VFIO_PCI_REQ_IRQ_INDEX);
}

Result<void> Interrupts::enable_vectors(const std::string& name, unsigned count) {
  const Kind& kind = kind_of(mode_);
  unsigned wanted = std::min(count, available(device_, kind.index));
  const bool enough = mode_ == InterruptMode::msix ? wanted == count : wanted > 0;
  if (!enough) {
    return failure(Errc::io_error, fmt::format("{}: {} of {} {} interrupts are there", name, wanted,
                                               mode_ == InterruptMode::msix ? count : 1, kind.name));
  }
  while (true) {
    events_.clear();
    for (unsigned i = 0; i < wanted; ++i) events_.push_back(make_event());
    const int granted = set_events(device_, kind.index, events_);
    if (granted == 0) return {};
    if (granted < 0 || mode_ == InterruptMode::msix || static_cast<unsigned>(granted) >= wanted) {
      return failure(Errc::io_error, fmt::format("{}: enabling {} interrupts: {}", name, kind.name,
                                                 granted < 0 ? std::strerror(errno) : "too few vectors are free"));
    }
    wanted = static_cast<unsigned>(granted);
  }
}

void Interrupts::enable_notices() {
  failed_ = enable_notice(device_, VFIO_PCI_ERR_IRQ_INDEX);
  requested_ = enable_notice(device_, VFIO_PCI_REQ_IRQ_INDEX);
}

Result<void> Interrupts::gather(const std::string& name) {
  all_ = FileDescriptor(epoll_create1(EPOLL_CLOEXEC));
  std::vector<int> files{failed_.get(), requested_.get()};
  for (const FileDescriptor& event : events_) files.push_back(event.get());
  for (const int file : files) {
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    if (file >= 0 && epoll_ctl(all_.get(), EPOLL_CTL_ADD, file, &wanted) != 0) {
      return failure(Errc::io_error, fmt::format("{}: epoll for its interrupts: {}", name, std::strerror(errno)));
    }
  }
  return {};
}

int Interrupts::event_for(unsigned interrupt) const {
  return interrupt < events_.size() ? events_[interrupt].get() : -1;
}

void Interrupts::arm(unsigned interrupt) {
  if (mode_ == InterruptMode::polling) return;
  if (mode_ == InterruptMode::msix) {
    drain(event_for(interrupt));
    return;
  }
  arm_all();
}

void Interrupts::arm_all() {
  for (const FileDescriptor& event : events_) drain(event.get());
  if (mode_ == InterruptMode::intx) unmask_line();
}

void Interrupts::unmask_line() {
  // The kernel has masked the line when it fired; it fires again at once if the card still asserts it.
  vfio_irq_set unmask{};
  unmask.argsz = sizeof unmask;
  unmask.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK;
  unmask.index = VFIO_PCI_INTX_IRQ_INDEX;
  unmask.count = 1;
  (void)ioctl(device_, VFIO_DEVICE_SET_IRQS, &unmask);
}

void Interrupts::sleep(unsigned interrupt, std::chrono::milliseconds timeout) {
  if (mode_ == InterruptMode::polling) {
    sched_yield();
    return;
  }
  std::vector<pollfd> files;
  if (mode_ == InterruptMode::msix) {
    files.push_back({event_for(interrupt), POLLIN, 0});
  } else {
    for (const FileDescriptor& event : events_) files.push_back({event.get(), POLLIN, 0});
  }
  // poll() leaves files below 0 out.
  files.push_back({failed_.get(), POLLIN, 0});
  files.push_back({requested_.get(), POLLIN, 0});
  (void)poll(files.data(), files.size(), static_cast<int>(timeout.count()));
}

const std::string& Interrupts::notice() {
  if (notice_.empty() && failed_ && drain(failed_.get())) {
    notice_ = "the kernel reports an error of the device: see its log";
  }
  if (notice_.empty() && requested_ && drain(requested_.get())) {
    notice_ = "the kernel wants the device back (it is being unplugged or unbound): close it";
  }
  return notice_;
}

}  // namespace sapulse
