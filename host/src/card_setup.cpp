// SPDX-License-Identifier: Apache-2.0
#include "card_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <limits>

#include "bytes.h"
#include "control_spi.h"
#include "random.h"

namespace sapulse {
namespace {

constexpr unsigned kMostRingEntries = 1U << 15;
constexpr std::uint32_t kNoDevice = 0xffffffff;  ///< what a bus reads where nothing answers
constexpr std::uint32_t kMostBurst = 0xffff;
constexpr unsigned kActions = wire::spi_reserved_max + 1;
constexpr std::uint32_t kMostSourceBurst = 0xff;
/// Buckets of sources count with 32 bits of ns.
constexpr std::uint64_t kMostSourceTime = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kMostTxShare = 0xffffff;
constexpr std::uint32_t kMacValid = std::uint32_t{1} << 31;

bool is_ring_size(unsigned entries) { return std::has_single_bit(entries) && entries <= kMostRingEntries; }

Result<void> check_control_spi(unsigned spi) {
  if (!is_control_spi(spi)) {
    return failure(Errc::invalid_argument, fmt::format("control SPI {}: must be 3..255, and neither 7 nor 8", spi));
  }
  return {};
}

bool fits(const RateLimit& limit, std::uint32_t most_burst) {
  const auto interval = limit.interval.count();
  return interval >= 0 && interval <= std::numeric_limits<std::uint32_t>::max() && limit.burst <= most_burst &&
         (interval == 0 || limit.burst > 0);
}

Result<void> check_source_limit(const RateLimit& limit) {
  const bool good = fits(limit, kMostSourceBurst) &&
                    static_cast<std::uint64_t>(limit.interval.count()) * limit.burst <= kMostSourceTime;
  if (good) return {};
  return failure(Errc::invalid_argument,
                 fmt::format("rate limit of sources: the burst must be 1..{}, and burst x interval at most {} ns",
                             kMostSourceBurst, kMostSourceTime));
}

Result<void> check_macs(const std::vector<MacAddress>& macs) {
  if (macs.size() > regs::kLocalMacs) {
    return failure(Errc::invalid_argument,
                   fmt::format("{} MAC addresses: the card has room for {}", macs.size(), regs::kLocalMacs));
  }
  for (const MacAddress& mac : macs) {
    if (mac.is_group() || mac == MacAddress()) {
      return failure(Errc::invalid_argument,
                     fmt::format("MAC address {}: not the address of one host", mac.to_string()));
    }
  }
  return {};
}

Result<void> check_actions(const CardConfig& config) {
  for (const auto& [spi, action] : config.reserved) {
    const auto bad = [spi = spi](const char* what) {
      return failure(Errc::invalid_argument, fmt::format("reserved SPI {}: {}", spi, what));
    };
    if (spi == 0) return bad("must be 1..255");
    if (spi == config.control_spi) return bad("is the control SPI");
    if (static_cast<std::size_t>(action) >= regs::kActionCount) return bad("unknown action");
    if (action == Action::echo && spi != wire::spi_echo) return bad("only SPI 7 may have the action echo");
    if (action == Action::echo_reply && spi != wire::spi_echo_reply) {
      return bad("only SPI 8 may have the action echo-reply");
    }
  }
  return {};
}

Result<void> check_limits(const RateLimits& limits) {
  for (std::size_t i = 0; i < regs::kCauseCount; ++i) {
    if (!fits(limits[static_cast<Cause>(i)], kMostBurst)) {
      return failure(Errc::invalid_argument,
                     fmt::format("rate limit of {}: the interval must be 0..4294967295 ns and the burst 1..{}",
                                 regs::name(static_cast<Cause>(i)), kMostBurst));
    }
  }
  return {};
}

}  // namespace

Result<void> validate(const CardConfig& config) {
  if (config.local.size() > regs::kLocalAddresses) {
    return failure(Errc::invalid_argument, fmt::format("{} local addresses: the card has room for {}",
                                                       config.local.size(), regs::kLocalAddresses));
  }
  for (const IpAddress& address : config.local) {
    if (!address.is_unicast()) {
      return failure(Errc::invalid_argument,
                     fmt::format("local address {}: not the address of one host", address.to_string()));
    }
  }
  for (const Cause cause : config.copies) {
    if (cause < Cause::integrity || cause > Cause::version) {
      return failure(Errc::invalid_argument, fmt::format("copies of {}: there are none", regs::name(cause)));
    }
  }
  if (config.udp_port == 0) return failure(Errc::invalid_argument, "UDP port 0: must be 1..65535");
  if (config.tx_share > kMostTxShare) {
    return failure(Errc::invalid_argument,
                   fmt::format("TX share of {} bytes: at most {}", config.tx_share, kMostTxShare));
  }
  return check_control_spi(config.control_spi)
      .and_then([&] { return check_macs(config.mac); })
      .and_then([&] { return check_actions(config); })
      .and_then([&] { return check_source_limit(config.source_limit); })
      .and_then([&] { return check_limits(config.limits); });
}

Result<void> validate(const CardOptions& options) {
  const auto bad = [](std::string message) { return failure(Errc::invalid_argument, std::move(message)); };
  if (!is_ring_size(options.command_entries) || !is_ring_size(options.exception_entries) ||
      (options.event_entries != 0 && !is_ring_size(options.event_entries))) {
    return bad(fmt::format("rings of {} commands, {} exceptions, {} events: each must be a power of two up to {}",
                           options.command_entries, options.exception_entries, options.event_entries,
                           kMostRingEntries));
  }
  if (options.frame_buffers == 0 || options.frame_buffers > options.command_entries) {
    return bad(fmt::format("{} frame buffers: must be 1..{}, the size of the command ring", options.frame_buffers,
                           options.command_entries));
  }
  if (options.ready_timeout.count() <= 0 || options.command_timeout.count() <= 0)
    return bad("timeouts must be positive");
  return {};
}

Result<void> identify(RegisterAccess& registers) {
  const std::string device = registers.device().name();
  const auto id = registers.read32(regs::offset::kId);
  if (!id) return tl::unexpected(id.error());
  if (*id == kNoDevice) return failure(Errc::incompatible, device + ": no card answers");
  if (*id != regs::kDeviceId) {
    return failure(Errc::incompatible, fmt::format("{}: not a sapulse card: identification {:#010x}, expected {:#010x}",
                                                   device, *id, regs::kDeviceId));
  }
  const auto version = registers.read32(regs::offset::kVersion);
  if (!version) return tl::unexpected(version.error());
  const std::uint32_t major = regs::version::kMajor.get(*version);
  if (major == regs::kVersionMajor) return {};
  return registers.read32(regs::offset::kGitHash).and_then([&](std::uint32_t commit) -> Result<void> {
    return failure(
        Errc::incompatible,
        fmt::format("{}: the card has interface version {}.{}.{} (commit {:08x}), this library works with "
                    "version {}.x (it was made for {}.{}.{})",
                    device, major, regs::version::kMinor.get(*version), regs::version::kPatch.get(*version), commit,
                    regs::kVersionMajor, regs::kVersionMajor, regs::kVersionMinor, regs::kVersionPatch));
  });
}

Result<void> wait_ready(RegisterAccess& registers, std::chrono::nanoseconds timeout) {
  const auto ready = registers.wait_until(
      [&]() -> Result<bool> {
        const auto status = registers.read32(regs::offset::kStatus);
        if (!status) return tl::unexpected(status.error());
        return regs::status::kReady.get(*status) != 0;
      },
      timeout, true);
  if (!ready) return tl::unexpected(ready.error());
  if (!*ready) {
    return failure(Errc::timeout, fmt::format("{}: the card is not ready {} ns after its reset",
                                              registers.device().name(), timeout.count()));
  }
  return {};
}

Result<CardInfo> read_info(RegisterAccess& registers) {
  CardInfo info;
  std::uint32_t version = 0;
  const std::array<std::pair<std::uint32_t, std::uint32_t*>, 8> fields{
      {{regs::offset::kVersion, &version},
       {regs::offset::kGitHash, &info.git_hash},
       {regs::offset::kCapabilities, &info.capabilities},
       {regs::offset::kSaCapacity, &info.sa_capacity},
       {regs::offset::kIndexBuckets, &info.index_buckets},
       {regs::offset::kLanes, &info.lanes},
       {regs::offset::kClockKhz, &info.clock_khz},
       {regs::offset::kCounters, &info.counters}}};
  for (const auto& [offset, field] : fields) {
    const auto value = registers.read32(offset);
    if (!value) return tl::unexpected(value.error());
    *field = *value;
  }
  info.version_major = static_cast<std::uint8_t>(regs::version::kMajor.get(version));
  info.version_minor = static_cast<std::uint8_t>(regs::version::kMinor.get(version));
  info.version_patch = static_cast<std::uint16_t>(regs::version::kPatch.get(version));
  const std::uint64_t slots = std::uint64_t{info.index_buckets} * regs::kIndexBanks * regs::kIndexSlots;
  if (info.sa_capacity == 0 || !std::has_single_bit(info.index_buckets) || slots < info.sa_capacity) {
    return failure(Errc::incompatible, fmt::format("{}: the card claims {} SAs and {} index buckets, which cannot be",
                                                   registers.device().name(), info.sa_capacity, info.index_buckets));
  }
  return info;
}

Result<CardStart> CardStart::fresh() {
  std::array<std::uint8_t, sizeof(std::uint32_t) + sizeof(std::uint64_t)> random{};
  if (auto filled = fill_random(random); !filled) return tl::unexpected(filled.error());
  ByteReader reader(random);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  CardStart start;
  start.time = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  start.transaction_seed = reader.get32();
  const std::uint64_t high = reader.get32();
  start.source_key = high << 32 | reader.get32();
  zeroise(std::as_writable_bytes(std::span(random)));
  return start;
}

Result<void> begin_life(RegisterAccess& registers, const CardInfo& info, const std::optional<CardStart>& wanted) {
  const Result<CardStart> start = wanted ? Result<CardStart>(*wanted) : CardStart::fresh();
  if (!start) return tl::unexpected(start.error());
  return registers.write64(regs::offset::kTime, start->time)
      .and_then([&] { return registers.write64(regs::offset::kSourceKey, start->source_key); })
      .and_then([&]() -> Result<void> {
        if (!info.has_requester()) return {};
        return registers.write32(regs::offset::kTransactionSeed, start->transaction_seed);
      });
}

Result<void> ConfigWriter::write(const CardConfig& config, const CardInfo& info) {
  return write_addresses(config.local)
      .and_then([&] { return write_macs(config.mac); })
      .and_then([&] { return write_transport(config); })
      .and_then([&] { return write_actions(config); })
      .and_then([&] { return write_limits(config.limits, info); })
      .and_then([&] { return write_copies(config.copies, info); });
}

Result<void> ConfigWriter::write_addresses(const std::vector<IpAddress>& addresses) {
  using Offset = std::uint32_t (*)(unsigned);
  constexpr std::array<Offset, 4> kWords{regs::offset::local_address_word0, regs::offset::local_address_word1,
                                         regs::offset::local_address_word2, regs::offset::local_address_word3};
  for (unsigned i = 0; i < regs::kLocalAddresses; ++i) {
    const bool valid = i < addresses.size();
    // Invalid while its words change, so that no half-written address ever matches.
    if (auto cleared = registers_.write32(regs::offset::local_address_valid(i), 0); !cleared) return cleared;
    if (!valid) continue;
    for (unsigned w = 0; w < kWords.size(); ++w) {
      std::uint32_t word = 0;
      for (unsigned b = 0; b < 4; ++b) word = word << 8 | addresses[i].bytes()[4 * w + b];
      if (auto written = registers_.write32(kWords[w](i), word); !written) return written;
    }
    if (auto set = registers_.write32(regs::offset::local_address_valid(i), 1); !set) return set;
  }
  return {};
}

Result<void> ConfigWriter::write_macs(const std::vector<MacAddress>& macs) {
  for (unsigned i = 0; i < regs::kLocalMacs; ++i) {
    // The high word has the bit that makes the entry valid: it goes first and comes last.
    if (auto cleared = registers_.write32(regs::offset::local_mac_high(i), 0); !cleared) return cleared;
    if (i >= macs.size()) continue;
    ByteReader mac(macs[i].bytes());
    const std::uint32_t high = kMacValid | mac.get16();
    auto written = registers_.write32(regs::offset::local_mac_low(i), mac.get32()).and_then([&] {
      return registers_.write32(regs::offset::local_mac_high(i), high);
    });
    if (!written) return written;
  }
  return {};
}

Result<void> ConfigWriter::write_transport(const CardConfig& config) {
  const auto interval = static_cast<std::uint32_t>(config.source_limit.interval.count());
  return registers_.write32(regs::offset::kUdpPort, config.udp_port)
      .and_then([&] { return registers_.write32(regs::offset::kTxShare, config.tx_share); })
      .and_then([&] { return registers_.write32(regs::offset::kSourceLimitBurst, config.source_limit.burst); })
      .and_then([&] { return registers_.write32(regs::offset::kSourceLimitInterval, interval); });
}

Result<void> ConfigWriter::write_actions(const CardConfig& config) {
  std::array<Action, kActions> wanted{};
  wanted[wire::spi_echo] = Action::echo;
  wanted[wire::spi_echo_reply] = Action::echo_reply;
  for (const auto& [spi, action] : config.reserved) wanted[spi] = action;
  wanted[config.control_spi] = Action::control;
  for (unsigned spi = 0; spi < kActions; ++spi) {
    if (wanted[spi] == actions_[spi]) continue;
    auto written = registers_.write32(regs::offset::action(spi), static_cast<std::uint32_t>(wanted[spi]));
    if (!written) return written;
    actions_[spi] = wanted[spi];
  }
  return {};
}

Result<void> ConfigWriter::write_limits(const RateLimits& limits, const CardInfo& info) {
  for (std::size_t i = 0; i < regs::kCauseCount; ++i) {
    const auto cause = static_cast<Cause>(i);
    const bool of_requester = cause >= Cause::sa_down && cause <= Cause::version;
    if (of_requester && !info.has_requester()) continue;
    const auto interval = static_cast<std::uint32_t>(limits[cause].interval.count());
    auto written = registers_.write32(regs::offset::rate_limit_interval(cause), interval).and_then([&] {
      return registers_.write32(regs::offset::rate_limit_burst(cause), limits[cause].burst);
    });
    if (!written) return written;
  }
  return {};
}

Result<void> ConfigWriter::write_copies(const std::set<Cause>& copies, const CardInfo& info) {
  if (!info.has_requester()) {
    if (copies.empty()) return {};
    return failure(Errc::unsupported,
                   registers_.device().name() + ": this card makes no copies of dropped frames for error codes");
  }
  std::uint32_t mask = 0;
  for (const Cause cause : copies) mask |= 1U << static_cast<unsigned>(cause);
  return registers_.write32(regs::offset::kExceptionCopies, mask);
}

}  // namespace sapulse
