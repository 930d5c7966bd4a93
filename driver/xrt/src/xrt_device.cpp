// SPDX-License-Identifier: Apache-2.0
#include "sapulse/xrt_device.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

#include "host_buffers.h"
#include "interrupt_relay.h"
#include "platform.h"
#include "sapulse/xrt_kernel.h"
#include "xrt_api.h"

namespace sapulse {
namespace {

constexpr unsigned kInterruptCount = 3;
constexpr auto kDmaPatience = std::chrono::seconds(2);
/// Looks at a clock that has not moved before it is taken to stand still: a look takes longer than a step of the clock.
constexpr unsigned kClockLooks = 1000;
/// Left in SCRATCH before a reset, which clears it.
constexpr std::uint32_t kMark = 0x5a5aa5a5;

/// What the driver needs to know of an xclbin.
struct Contents {
  xrt::xclbin xclbin;
  unsigned host_bank;
};

Result<Contents> read_xclbin(const std::filesystem::path& file) {
  std::error_code status;
  if (!std::filesystem::is_regular_file(file, status)) {
    return failure(Errc::not_found, fmt::format("{}: no such file", file.string()));
  }
  try {
    xrt::xclbin xclbin(file.string());
    const auto kernels = xclbin.get_kernels();
    if (std::ranges::none_of(kernels, [](const auto& kernel) { return kernel.get_name() == xrt_kernel::kKernel; })) {
      return failure(Errc::incompatible, fmt::format("{}: holds no kernel '{}'", file.string(), xrt_kernel::kKernel));
    }
    for (const auto& memory : xclbin.get_mems()) {
      if (memory.get_used() && memory.get_tag().starts_with(xrt_kernel::kHostBank)) {
        return Contents{xclbin, static_cast<unsigned>(memory.get_index())};
      }
    }
    return failure(Errc::incompatible, fmt::format("{}: has no host memory; the kernel must be linked to {}[0]",
                                                   file.string(), xrt_kernel::kHostBank));
  } catch (const std::exception& error) {
    return failure(Errc::incompatible, fmt::format("{}: not an xclbin: {}", file.string(), error.what()));
  }
}

/// What an xclbin says of its platform.
XrtPlatform platform_of(const xrt::xclbin& xclbin) {
  const axlf* top = xclbin.get_axlf();
  const axlf_section_header* section = ::xclbin::get_axlf_section(top, PARTITION_METADATA);
  if (section == nullptr) return {};
  const std::string_view metadata(reinterpret_cast<const char*>(top) + section->m_sectionOffset,
                                  section->m_sectionSize);
  return {.name = xclbin.get_xsa_name(), .uuid = find_interface_uuid(metadata)};
}

/// Why a card could not be programmed, if it is that its platform is another one. Thrown at by XRT where it cannot say.
std::optional<std::string> find_other_platform(const xrt::xclbin& xclbin, const std::string& file, unsigned index) {
  try {
    const xrt::device device(index);
    const XrtPlatform card{.name = device.get_info<xrt::info::device::name>(),
                           .uuid = device.get_info<xrt::info::device::interface_uuid>().to_string()};
    return explain_platforms(card, fmt::format("XRT device {}", index), platform_of(xclbin), file);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

Result<void> check_offset(const std::string& name, std::uint32_t offset) {
  if (offset % 4 == 0 && offset < regs::kWindowBytes) return {};
  return failure(Errc::invalid_argument,
                 fmt::format("{}: register {:#x}: not a multiple of 4 below {:#x}", name, offset, regs::kWindowBytes));
}

}  // namespace

struct XrtDevice::Implementation {
  Implementation(const Contents& contents, unsigned device_index)
      : index(device_index),
        device(device_index),
        ip(device, device.load_xclbin(contents.xclbin), xrt_kernel::kComputeUnit),
        buffers(device, contents.host_bank) {
    relay = relay_interrupts();
  }

  /// None where XRT does not offer interrupts: polling does.
  std::unique_ptr<InterruptRelay> relay_interrupts() {
    try {
      auto made =
          InterruptRelay::create([interrupt = ip.create_interrupt_notify()](std::chrono::milliseconds timeout) mutable {
            return interrupt.wait(timeout) == std::cv_status::no_timeout;
          });
      return made ? std::move(*made) : nullptr;
    } catch (const std::exception&) {
      return nullptr;
    }
  }

  /// Until the kernel's interrupt, which the card's three share, at most a millisecond: deadlines are on the card's
  /// clock. Without interrupts, a moment.
  Result<void> sleep(const std::string& name) {
    if (!relay) {
      std::this_thread::yield();
      return {};
    }
    pollfd event{relay->descriptor(), POLLIN, 0};
    (void)::poll(&event, 1, 1);
    return clear(name);
  }

  Result<void> clear(const std::string& name) {
    if (!relay) return {};
    return relay->clear().map_error(
        [&](const Error& error) { return Error{error.code, fmt::format("{}: {}", name, error.message)}; });
  }

  unsigned index;
  xrt::device device;
  mutable xrt::ip ip;
  HostBuffers buffers;
  std::unique_ptr<InterruptRelay> relay;
};

Result<std::unique_ptr<XrtDevice>> XrtDevice::open(const std::filesystem::path& xclbin, unsigned index) {
  const auto contents = read_xclbin(xclbin);
  if (!contents) return tl::unexpected(contents.error());
  try {
    return std::unique_ptr<XrtDevice>(new XrtDevice(std::make_unique<Implementation>(*contents, index)));
  } catch (const std::exception& error) {
    if (const auto other = find_other_platform(contents->xclbin, xclbin.string(), index)) {
      return failure(Errc::incompatible, *other);
    }
    return failure(Errc::device_error, fmt::format("XRT device {}: {}", index, error.what()));
  }
}

XrtDevice::XrtDevice(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
XrtDevice::~XrtDevice() = default;

std::string XrtDevice::name() const { return fmt::format("XRT device {}", implementation_->index); }
bool XrtDevice::has_interrupts() const { return implementation_->relay != nullptr; }

Result<std::uint32_t> XrtDevice::read32(std::uint32_t offset) {
  if (auto good = check_offset(name(), offset); !good) return tl::unexpected(good.error());
  try {
    return implementation_->ip.read_register(offset);
  } catch (const std::exception& error) {
    return failure(Errc::device_error, fmt::format("{}: read of register {:#06x}: {}", name(), offset, error.what()));
  }
}

Result<void> XrtDevice::write32(std::uint32_t offset, std::uint32_t value) {
  if (auto good = check_offset(name(), offset); !good) return good;
  try {
    implementation_->ip.write_register(offset, value);
    return {};
  } catch (const std::exception& error) {
    return failure(Errc::device_error, fmt::format("{}: write to register {:#06x}: {}", name(), offset, error.what()));
  }
}

Result<std::unique_ptr<DmaBuffer>> XrtDevice::allocate_dma(std::size_t bytes, std::size_t alignment) {
  return implementation_->buffers.allocate(bytes, alignment);
}

// The slave bridge is coherent with the processor's caches.
void XrtDevice::barrier() { std::atomic_thread_fence(std::memory_order_seq_cst); }

Result<std::uint64_t> XrtDevice::read_time() {
  const auto low = read32(regs::offset::kTime);  // latches the high half
  if (!low) return tl::unexpected(low.error());
  return read32(regs::offset::kTime + 4).map([&](std::uint32_t high) { return std::uint64_t{high} << 32 | *low; });
}

Result<bool> XrtDevice::wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) {
  if (vector >= kInterruptCount) {
    return failure(Errc::invalid_argument,
                   fmt::format("{}: interrupt {} does not exist; there are {}", name(), vector, kInterruptCount));
  }
  const auto start = read_time();
  if (!start) return tl::unexpected(start.error());
  const auto span = static_cast<std::uint64_t>(std::max<std::chrono::nanoseconds::rep>(timeout.count(), 0));
  std::uint64_t last = *start;
  for (unsigned still = 0; still < kClockLooks;) {
    const auto pending = read32(regs::offset::kInterruptStatus);
    if (!pending) return tl::unexpected(pending.error());
    const auto enabled = read32(regs::offset::kInterruptEnable);
    if (!enabled) return tl::unexpected(enabled.error());
    if ((*pending & *enabled) >> vector & 1) return true;
    const auto now = read_time();
    if (!now) return tl::unexpected(now.error());
    if (*now - *start >= span) return false;
    still = *now == last ? still + 1 : 0;
    last = *now;
    if (auto slept = implementation_->sleep(name()); !slept) return tl::unexpected(slept.error());
  }
  return failure(Errc::device_error, name() + ": the clock of the card stands still");
}

int XrtDevice::event_descriptor() const { return has_interrupts() ? implementation_->relay->descriptor() : -1; }

Result<void> XrtDevice::clear_event() { return implementation_->clear(name()); }

Result<void> XrtDevice::relax() {
  std::this_thread::yield();
  return {};
}

Result<void> XrtDevice::await_dma_idle() {
  const auto end = std::chrono::steady_clock::now() + kDmaPatience;
  for (;;) {
    const auto status = read32(regs::offset::kStatus);
    if (!status) return tl::unexpected(status.error());
    if (regs::status::kDmaIdle.get(*status) != 0) return {};
    if (std::chrono::steady_clock::now() > end) {
      return failure(Errc::timeout, name() + ": not reset, because its host memory access does not end");
    }
    std::this_thread::yield();
  }
}

Result<void> XrtDevice::reset() {
  // The bus to host memory is not reset with the card, so nothing may be under way on it.
  auto quiet = write32(regs::offset::kRingEnable, 0).and_then([&] { return await_dma_idle(); }).and_then([&] {
    return write32(regs::offset::kScratch, kMark);
  });
  if (!quiet) return quiet;
  try {
    implementation_->ip.write_register(xrt_kernel::kResetOffset, 1);
  } catch (const std::exception& error) {
    return failure(Errc::device_error, fmt::format("{}: reset: {}", name(), error.what()));
  }
  const auto scratch = read32(regs::offset::kScratch);
  if (!scratch) return tl::unexpected(scratch.error());
  if (*scratch != 0) return failure(Errc::incompatible, name() + ": the kernel has not reset the card");
  return {};
}

}  // namespace sapulse
