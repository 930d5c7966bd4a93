// SPDX-License-Identifier: Apache-2.0
// Probes of watched SAs, by the card and by the host, and pings that learn their tokens.
#include <fmt/format.h>

#include <algorithm>

#include "monitor_impl.h"

namespace sapulse {
namespace {

using std::chrono::nanoseconds;

/// Between attempts to probe an SA that cannot be.
constexpr nanoseconds kRetryInterval = std::chrono::seconds(1);
/// SAs that begin to be probed at a time, so that those that are being probed do not wait for them.
constexpr std::size_t kStartsPerTick = 128;

}  // namespace

std::optional<std::uint64_t> Monitor::Impl::due(const Watch& watch) {
  if (watch.to_start) return watch.start_at;
  if (watch.host) return watch.host->due();
  const bool wants_token = watch.settings.mode == ProbeMode::card && watch.state == Liveness::up;
  if (wants_token && !watch.token_queued) return watch.token_due;
  return std::nullopt;
}

void Monitor::Impl::reschedule(Watch& watch) {
  if (watch.due != kNever) schedule_.erase({watch.due, watch.spi_in});
  watch.due = due(watch).value_or(kNever);
  if (watch.due != kNever) schedule_.emplace(watch.due, watch.spi_in);
}

std::optional<std::uint64_t> Monitor::Impl::next_tick() const {
  if (schedule_.empty()) return std::nullopt;
  return schedule_.begin()->first;
}

Result<void> Monitor::Impl::tick(std::uint64_t now) {
  std::vector<std::uint32_t> ready;
  // New ones are due at 0.
  const auto old = schedule_.lower_bound({1, 0});
  for (auto item = schedule_.begin(); item != old && ready.size() < kStartsPerTick; ++item)
    ready.push_back(item->second);
  for (auto item = old; item != schedule_.end() && item->first <= now; ++item) ready.push_back(item->second);
  std::vector<Watch*> waiting;
  for (const std::uint32_t spi : ready) {
    Watch& watch = watches_.at(spi);
    if (watch.to_start) {
      waiting.push_back(&watch);
    } else if (watch.host) {
      if (auto done = probe_by_host(watch, now); !done) return done;
    } else {
      watch.token_queued = true;
      token_queue_.push_back(spi);
      reschedule(watch);
    }
  }
  ask_for_tokens(now);
  return start_all(waiting);
}

void Monitor::Impl::set_fault(Watch& watch, std::uint64_t now, std::string fault) {
  const bool is_news = fault != watch.fault;
  watch.fault = std::move(fault);
  watch.start_at = watch.fault.empty() ? 0 : now + nanoseconds_of(kRetryInterval);
  reschedule(watch);
  if (!is_news || watch.fault.empty() || !fault_handler_) return;
  const SaInfo* sa = sas_.find(watch.spi_in);
  fault_handler_(fmt::format("SA '{}', inbound SPI {:#010x}, cannot be probed: {}", sa != nullptr ? sa->name : "",
                             watch.spi_in, watch.fault));
}

Result<void> Monitor::Impl::start_all(std::span<Watch* const> waiting) {
  if (waiting.empty()) return {};
  const auto now = card_.time();
  if (!now) return tl::unexpected(now.error());
  std::vector<Command> commands;
  std::vector<Watch*> by_card;
  for (Watch* watch : waiting) {
    if (auto good = check_mode(watch->settings.mode); !good) {
      set_fault(*watch, *now, good.error().message);
      continue;
    }
    if (watch->settings.mode == ProbeMode::card) {
      commands.push_back(Command::start_probe(watch->number, watch->settings));
      by_card.push_back(watch);
      continue;
    }
    watch->host.emplace(watch->settings, *now, random_());
    watch->to_start = false;
    set_fault(*watch, *now, "");
  }
  const auto completions = card_.execute(commands);
  if (!completions) return tl::unexpected(completions.error());
  for (std::size_t i = 0; i < by_card.size(); ++i) {
    const Completion& completion = (*completions)[i];
    if (completion.status != Status::ok) {
      set_fault(*by_card[i], *now,
                fmt::format("{}: command probe_write: {}", card_.device().name(), regs::name(completion.status)));
      continue;
    }
    by_card[i]->to_start = false;
    by_card[i]->begun = completion.time;
    set_fault(*by_card[i], *now, "");
  }
  return {};
}

Result<void> Monitor::Impl::probe_by_host(Watch& watch, std::uint64_t now) {
  auto& prober = *watch.host;  // NOLINT(bugprone-unchecked-optional-access): that is what probing by the host is
  const bool send = prober.advance(now, random_());
  take_probe_state(watch, prober.status(now), now);
  reschedule(watch);
  if (!send) return {};
  if (watch.settings.data_alive) {
    if (auto looked = look_for_data(watch); !looked) return looked;
  }
  const PingOptions options{.data_bytes = watch.settings.data_bytes, .timeout = watch.settings.detection_time()};
  const auto started = pinger_.start(
      watch.spi_in, options,
      [self = weak_from_this(), spi = watch.spi_in, generation = watch.generation](const Result<PingResult>& result) {
        const auto impl = self.lock();
        if (!impl) return;
        const auto found = impl->watches_.find(spi);
        if (found == impl->watches_.end() || found->second.generation != generation || !found->second.host) return;
        impl->take_host_probe(found->second, result);
      });
  if (!started) watch.host->unsent();  // NOLINT(bugprone-unchecked-optional-access): as above
  reschedule(watch);
  if (!started && started.error().code != Errc::no_space) {
    set_fault(watch, now, started.error().message);
  } else {
    set_fault(watch, now, "");
  }
  return {};
}

void Monitor::Impl::take_host_probe(Watch& watch, const Result<PingResult>& result) {
  auto& prober = *watch.host;  // NOLINT(bugprone-unchecked-optional-access): whoever calls has looked
  if (!result) {
    prober.unsent();
  } else if (result->answered) {
    // The peer was alive when the request reached it, which is all that a reply tells.
    prober.replied(result->t_origin, result->rtt());
    take_probe_state(watch, prober.status(result->t_arrival), result->t_arrival);
  }
  reschedule(watch);
}

Result<void> Monitor::Impl::look_for_data(Watch& watch) {
  auto submitted = card_.submit(
      Command::read(watch.number),
      [self = weak_from_this(), spi = watch.spi_in, generation = watch.generation](const Completion& completion) {
        const auto impl = self.lock();
        if (!impl || completion.status != Status::ok || !completion.data_sequence_valid) return;
        const auto found = impl->watches_.find(spi);
        if (found == impl->watches_.end() || found->second.generation != generation || !found->second.host) return;
        Watch& watch = found->second;
        // The first look only tells where the counting begins.
        const bool moved = watch.data_sequence && *watch.data_sequence != completion.data_sequence;
        watch.data_sequence = completion.data_sequence;
        if (!moved) return;
        watch.host->data_seen(completion.time);
        impl->take_probe_state(watch, watch.host->status(completion.time), completion.time);
        impl->reschedule(watch);
      });
  if (!submitted && submitted.error().code == Errc::no_space) return {};
  return submitted;
}

void Monitor::Impl::ask_for_tokens(std::uint64_t now) {
  while (token_pings_ < options_.token_pings && !token_queue_.empty()) {
    const std::uint32_t spi = token_queue_.front();
    token_queue_.pop_front();
    const auto found = watches_.find(spi);
    if (found == watches_.end()) continue;
    Watch& watch = found->second;
    const auto finish = [self = weak_from_this(), spi, retry = now + nanoseconds_of(watch.settings.detection_time())](
                            const Result<PingResult>& result) {
      const auto impl = self.lock();
      if (!impl) return;
      --impl->token_pings_;
      const auto asked = impl->watches_.find(spi);
      if (asked == impl->watches_.end()) return;
      asked->second.token_queued = false;
      // A peer without a secret is asked again as rarely as one whose token is known.
      if (!result || !result->answered) asked->second.token_due = retry;
      if (result && result->answered)
        asked->second.token_due = result->t_arrival + nanoseconds_of(impl->options_.token_refresh);
      impl->reschedule(asked->second);
    };
    ++token_pings_;
    if (pinger_.start(spi, {.data_bytes = wire::telemetry_bytes, .timeout = watch.settings.detection_time()}, finish)) {
      continue;
    }
    finish(failure(Errc::no_space, "not sent"));
    return;
  }
}

}  // namespace sapulse
