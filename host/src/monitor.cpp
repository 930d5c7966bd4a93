// SPDX-License-Identifier: Apache-2.0
#include "sapulse/monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "icmp.h"
#include "monitor_impl.h"

namespace sapulse {
namespace {

using std::chrono::nanoseconds;

/// Between attempts to probe an SA that cannot be.
constexpr nanoseconds kRetryInterval = std::chrono::seconds(1);
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

std::uint64_t count(nanoseconds time) { return static_cast<std::uint64_t>(time.count()); }

tl::unexpected<Error> not_watched(std::uint32_t spi) {
  return failure(Errc::not_found, fmt::format("SA with inbound SPI {:#010x} is not watched", spi));
}

}  // namespace

void Monitor::Impl::attach() {
  sas_.set_observer([this](SaManager::Change change, const SaInfo& sa) {
    switch (change) {
      case SaManager::Change::installed:
        return note_installed(sa);
      case SaManager::Change::moved:
        return note_moved(sa);
      case SaManager::Change::removed:
        return note_removed(sa);
    }
  });
  pinger_.set_observer([this](const PingResult& result) { take_reply(result); });
  for (const SaInfo& sa : sas_.list()) note_installed(sa);
}

void Monitor::Impl::detach() {
  sas_.set_observer({});
  pinger_.set_observer({});
}

// ---- SAs that come and go

void Monitor::Impl::note_installed(const SaInfo& sa) {
  if (sa.liveness) {
    add_watch(sa, *sa.liveness);
  } else if (watches_.contains(sa.spi_in)) {
    drop_watch(sa.spi_in);  // replaced by one that is not to be watched
  }
}

void Monitor::Impl::note_moved(const SaInfo& sa) {
  const auto found = watches_.find(sa.spi_in);
  if (found == watches_.end()) return;
  leave_peer(found->second);
  join_peer(found->second, sa.peer);
}

void Monitor::Impl::note_removed(const SaInfo& sa) {
  const auto found = watches_.find(sa.spi_in);
  if (found != watches_.end() && found->second.number == sa.number) drop_watch(sa.spi_in);
}

Watch& Monitor::Impl::add_watch(const SaInfo& sa, const LivenessSettings& settings) {
  const auto [entry, is_new] = watches_.try_emplace(sa.spi_in);
  Watch& watch = entry->second;
  if (is_new) {
    by_spi_out_.emplace(sa.spi_out, sa.spi_in);
  } else if (watch.spi_out != sa.spi_out) {
    std::erase_if(by_spi_out_, [&](const auto& item) { return item.second == sa.spi_in; });
    by_spi_out_.emplace(sa.spi_out, sa.spi_in);
  }
  // New keys: what was proved of the old ones does not hold of them.
  if (watch.number != sa.number && !is_new) {
    watch.token.forget();
    watch.floor = 0;
    if (!watch.hopeful()) watch.state = Liveness::init;
  }
  if (is_new || watch.peer != sa.peer) {
    if (!is_new) leave_peer(watch);
    join_peer(watch, sa.peer);
  }
  watch.number = sa.number;
  watch.spi_in = sa.spi_in;
  watch.spi_out = sa.spi_out;
  watch.settings = settings;
  watch.generation = ++generations_;
  watch.host.reset();
  watch.to_start = !sa.admin_down;
  watch.start_at = 0;
  watch.fault.clear();
  if (sa.admin_down) watch.state = Liveness::admin_down, watch.reason = LivenessReason::admin;
  watch.begun = kNever;  // until the prober has been set up, no event is about this watch
  reschedule(watch);
  return watch;
}

void Monitor::Impl::join_peer(Watch& watch, const IpAddress& peer) {
  watch.peer = peer;
  const auto [entry, is_new] = peers_.try_emplace(peer);
  if (is_new) entry->second.errors = TokenBucket(options_.errors_of_peer);
  ++entry->second.watches;
}

void Monitor::Impl::leave_peer(const Watch& watch) {
  const auto found = peers_.find(watch.peer);
  if (--found->second.watches == 0) peers_.erase(found);
}

void Monitor::Impl::drop_watch(std::uint32_t spi) {
  const auto found = watches_.find(spi);
  leave_peer(found->second);
  if (found->second.due != kNever) schedule_.erase({found->second.due, spi});
  std::erase_if(by_spi_out_, [&](const auto& item) { return item.second == spi; });
  watches_.erase(found);
}

Result<void> Monitor::Impl::check_mode(ProbeMode mode) const {
  const CardInfo& info = card_.info();
  if (!info.has_requester()) {
    return failure(Errc::unsupported, card_.device().name() + ": this card does not send requests of its own");
  }
  if (mode == ProbeMode::card && !info.has_prober()) {
    return failure(Errc::unsupported, card_.device().name() + ": this card has no prober: the host has to probe");
  }
  return {};
}

Result<void> Monitor::Impl::watch(std::uint32_t spi, const LivenessSettings& settings) {
  const SaInfo* sa = sas_.find(spi);
  const auto before = sa != nullptr ? sa->liveness : std::nullopt;
  if (auto good = check_mode(settings.mode).and_then([&] { return sas_.set_liveness(spi, settings); }); !good) {
    return good;
  }
  auto begun = begin_watch(*sas_.find(spi), settings);
  if (begun) return begun;
  // Taken back as far as the card lets it; the first error is the one to report.
  (void)sas_.set_liveness(spi, before);
  if (before) {
    (void)begin_watch(*sas_.find(spi), *before);
  } else {
    drop_watch(spi);
  }
  return begun;
}

Result<void> Monitor::Impl::begin_watch(const SaInfo& sa, const LivenessSettings& settings) {
  if (const auto old = watches_.find(sa.spi_in); old != watches_.end()) {
    if (auto stopped = stop_probing(old->second); !stopped) return stopped;
  }
  Watch& watch = add_watch(sa, settings);
  return watch.to_start ? start_now(watch) : Result<void>();
}

Result<void> Monitor::Impl::start_now(Watch& watch) {
  const std::array<Watch*, 1> one{&watch};
  if (auto started = start_all(one); !started) return started;
  return watch.fault.empty() ? Result<void>() : failure(Errc::device_error, watch.fault);
}

Result<void> Monitor::Impl::unwatch(std::uint32_t spi) {
  const auto found = watches_.find(spi);
  if (found == watches_.end()) return not_watched(spi);
  return sas_.set_liveness(spi, std::nullopt).and_then([&] { return stop_probing(found->second); }).map([&] {
    drop_watch(spi);
  });
}

Result<void> Monitor::Impl::set_mode(std::uint32_t spi, ProbeMode mode) {
  const auto found = watches_.find(spi);
  if (found == watches_.end()) return not_watched(spi);
  if (found->second.settings.mode == mode) return {};
  LivenessSettings settings = found->second.settings;
  settings.mode = mode;
  return watch(spi, settings);
}

Result<void> Monitor::Impl::stop_probing(Watch& watch) {
  const bool by_card = watch.settings.mode == ProbeMode::card && !watch.to_start;
  watch.host.reset();
  watch.begun = kNever;
  watch.to_start = false;
  reschedule(watch);
  if (!by_card) return {};
  return card_.execute(Command::stop_probe(watch.number)).map([](const Completion&) {});
}

Result<void> Monitor::Impl::set_admin_down(std::uint32_t spi, bool down) {
  const SaInfo* sa = sas_.find(spi);
  if (sa != nullptr && sa->admin_down == down) return {};
  if (auto done = sas_.set_admin_down(spi, down); !done) return done;
  const auto found = watches_.find(spi);
  if (found == watches_.end()) return {};
  Watch& watch = found->second;
  const auto now = card_.time();
  if (!now) return tl::unexpected(now.error());
  if (down) {
    auto stopped = stop_probing(watch);
    if (stopped) {
      change(watch, Liveness::admin_down, LivenessReason::admin, *now, {});
      return stopped;
    }
    (void)sas_.set_admin_down(spi, false);  // the first error is the one to report
    watch.to_start = true;
    reschedule(watch);
    return stopped;
  }
  change(watch, Liveness::init, LivenessReason::started, *now, {});
  watch.to_start = true;
  return start_now(watch);
}

Result<void> Monitor::Impl::set_floor(std::uint32_t spi, std::uint64_t n) {
  const auto found = watches_.find(spi);
  if (found == watches_.end()) return not_watched(spi);
  found->second.floor = std::max(found->second.floor, n);
  return {};
}

Result<ProbeStatus> Monitor::Impl::host_probe_status(const Watch& watch) {
  // Nobody probes an SA that is not started yet, or is out of use at the peer.
  return card_.time().map([&](std::uint64_t now) { return watch.host ? watch.host->status(now) : ProbeStatus{}; });
}

Result<ProbeStatus> Monitor::Impl::probe_status(std::uint32_t spi) {
  const auto found = watches_.find(spi);
  if (found != watches_.end() && found->second.settings.mode == ProbeMode::host) {
    return host_probe_status(found->second);
  }
  if (auto good = check_mode(ProbeMode::card); !good) return tl::unexpected(good.error());
  const SaInfo* sa = sas_.find(spi);
  if (sa == nullptr) return failure(Errc::not_found, fmt::format("no SA with inbound SPI {:#010x}", spi));
  return card_.execute(Command::read_probe(sa->number)).map([](const Completion& c) { return c.probe; });
}

Result<void> Monitor::Impl::start_probe_status(std::uint32_t spi, ProbeStatusHandler done) {
  const auto found = watches_.find(spi);
  if (found == watches_.end()) return not_watched(spi);
  const Watch& watch = found->second;
  if (watch.settings.mode == ProbeMode::host) return host_probe_status(watch).map(done);
  if (auto good = check_mode(ProbeMode::card); !good) return good;
  return card_.submit(Command::read_probe(watch.number), [done = std::move(done)](const Completion& completion) {
    if (completion.status == Status::ok) return done(completion.probe);
    done(failure(Errc::device_error, fmt::format("PROBE_READ: {}", regs::name(completion.status))));
  });
}

// ---- States

void Monitor::Impl::change(Watch& watch, Liveness to, LivenessReason reason, std::uint64_t time,
                           const LivenessEvidence& evidence) {
  watch.evidence = evidence;
  if (watch.state == to) return;
  const SaInfo* sa = sas_.find(watch.spi_in);
  LivenessChange told{.spi_in = watch.spi_in,
                      .spi_out = watch.spi_out,
                      .name = sa != nullptr ? sa->name : "",
                      .peer = sa != nullptr ? sa->peer : IpAddress(),
                      .from = watch.state,
                      .to = to,
                      .reason = reason,
                      .mode = watch.settings.mode,
                      .time = time,
                      .evidence = evidence};
  watch.state = to;
  watch.reason = reason;
  watch.since = time;
  ++watch.changes;
  ++counts_.changes;
  if (to == Liveness::up && watch.settings.mode == ProbeMode::card) {
    const std::uint64_t fresh = watch.token.time() + count(options_.token_refresh);
    watch.token_due = watch.token.known() ? std::max(fresh, time) : time;
  }
  reschedule(watch);
  if (handler_) handler_(told);
}

void Monitor::Impl::take_probe_state(Watch& watch, const ProbeStatus& status, std::uint64_t time) {
  const LivenessEvidence evidence{.rtt = status.rtt,
                                  .heard = status.heard,
                                  .probes = status.probes,
                                  .replies = status.replies,
                                  .error = std::nullopt};
  const bool out_of_use = watch.state == Liveness::lost || watch.state == Liveness::admin_down;
  switch (status.state) {
    case ProbeState::up:
      change(watch, Liveness::up, LivenessReason::sign_of_life, time, evidence);
      break;
    case ProbeState::suspect:
      if (watch.state == Liveness::up) {
        change(watch, Liveness::suspect, LivenessReason::silence, time, evidence);
      }
      break;
    case ProbeState::down:
      if (!out_of_use) change(watch, Liveness::down, LivenessReason::silence, time, evidence);
      break;
    default:
      break;
  }
}

bool Monitor::Impl::handle(const Event& event) {
  if (event.kind != EventKind::probe_state) return false;
  Watch* watch = find_number(event.sa);
  if (watch == nullptr || watch->settings.mode != ProbeMode::card) return false;
  if (event.time >= watch->begun) take_probe_state(*watch, event.probe, event.time);
  return true;
}

void Monitor::Impl::take_reply(const PingResult& result) {
  const SaInfo* sa = sas_.find(result.spi_in);
  // The request may have been that of an SA that has been replaced since.
  if (!result.answered || sa == nullptr || sa->number != result.sa) return;
  // With a full command ring, or a card that fails, the next reply tells it again.
  if (const auto& token = result.telemetry.token) (void)sas_.learn_token_nonce(result.spi_in, token->nonce);
  const auto found = watches_.find(result.spi_in);
  if (found == watches_.end()) return;
  Watch& watch = found->second;
  watch.floor = std::max(watch.floor, result.reply_n);
  watch.evidence.rtt = result.rtt();
  if (!result.telemetry.token) return;
  watch.token.learn(result.telemetry.token->token, result.t_arrival);
  watch.token_due = result.t_arrival + count(options_.token_refresh);
  reschedule(watch);
}

void Monitor::Impl::take_out(Watch& watch, Liveness to, LivenessReason reason, std::uint64_t time,
                             const ErrorEvidence& error) {
  LivenessEvidence evidence = watch.evidence;
  evidence.error = error;
  watch.begun = kNever;
  watch.generation = ++generations_;
  watch.host.reset();
  watch.to_start = true;
  change(watch, to, reason, time, evidence);
  reschedule(watch);
}

// ---- Errors received

Watch* Monitor::Impl::find_number(std::uint32_t number) {
  const SaInfo* sa = sas_.find_number(number);
  if (sa == nullptr) return nullptr;
  const auto found = watches_.find(sa->spi_in);
  return found == watches_.end() ? nullptr : &found->second;
}

Watch* Monitor::Impl::find_peer(std::uint32_t spi_out, const IpAddress& own, const IpAddress& peer) {
  const auto [first, last] = by_spi_out_.equal_range(spi_out);
  for (auto item = first; item != last; ++item) {
    const SaInfo* sa = sas_.find(item->second);
    if (sa != nullptr && sa->local == own && sa->peer == peer) return &watches_.at(item->second);
  }
  return nullptr;
}

Result<bool> Monitor::Impl::handle(const Exception& exception) {
  if (exception.cause == Cause::error_clear) return take_clear_error(exception);
  if (exception.cause == Cause::error_protected) return take_protected_error(exception);
  return false;
}

bool Monitor::Impl::take_error_token(const IpAddress& source, std::uint64_t now) {
  const auto peer = peers_.find(source);
  TokenBucket& bucket = peer != peers_.end() ? peer->second.errors : errors_of_others_;
  if (!bucket.ready(now)) return false;
  bucket.take(now);
  return true;
}

Result<bool> Monitor::Impl::take_clear_error(const Exception& exception) {
  ++counts_.errors;
  const auto message = parse_clear_error(exception);
  if (!message) {
    ++counts_.malformed;
    return true;
  }
  if (!take_error_token(message->from, exception.time)) {
    ++counts_.limited;
    return true;
  }
  const ReceivedError& error = message->error;
  Watch* watch = find_peer(error.spi, message->to, message->from);
  if (watch == nullptr) {
    ++counts_.strangers;
    return true;
  }
  if (error.code == wire::error_unknown_spi && watch->state != Liveness::lost) {
    const auto verdict = watch->token.judge(error.token);
    if (verdict == LearntToken::Verdict::proof && !sas_.find(watch->spi_in)->admin_down) {
      take_out(*watch, Liveness::lost, LivenessReason::crash_token, exception.time,
               {.code = error.code, .is_protected = false, .spi = error.spi, .sequence = error.sequence});
      return true;
    }
    const bool has_token = std::ranges::any_of(error.token, [](std::uint8_t byte) { return byte != 0; });
    if (verdict == LearntToken::Verdict::wrong && has_token) ++counts_.wrong_tokens;
  }
  return take_hint(*watch, exception.time).map([] { return true; });
}

Result<bool> Monitor::Impl::take_protected_error(const Exception& exception) {
  ++counts_.errors;
  const auto error = parse_protected_error(exception);
  if (!error) {
    ++counts_.malformed;
    return true;
  }
  Watch* watch = exception.sa ? find_number(*exception.sa) : nullptr;
  if (watch == nullptr || watch->spi_in != exception.spi || watch->spi_out != error->spi) {
    ++counts_.strangers;
    return true;
  }
  if (exception.n <= watch->floor) {
    ++counts_.stale;
    return true;
  }
  watch->floor = exception.n;
  const bool down_here = sas_.find(watch->spi_in)->admin_down;
  if (error->code != wire::error_sa_down || down_here || watch->state == Liveness::admin_down) {
    return take_hint(*watch, exception.time).map([] { return true; });
  }
  take_out(*watch, Liveness::admin_down, LivenessReason::peer_admin, exception.time,
           {.code = error->code, .is_protected = true, .spi = error->spi, .sequence = error->sequence});
  return true;
}

Result<bool> Monitor::Impl::handle_packet(std::span<const std::uint8_t> packet, std::uint64_t now) {
  const auto failure = parse_icmp_failure(packet);
  if (!failure) return false;
  ++counts_.errors;
  Watch* watch = find_peer(failure->spi, failure->original_src, failure->original_dst);
  if (watch == nullptr) {
    ++counts_.strangers;
    return true;
  }
  return take_hint(*watch, now).map([] { return true; });
}

Result<void> Monitor::Impl::take_hint(Watch& watch, std::uint64_t now) {
  ++counts_.hints;
  ++watch.hints;
  // Where nothing good is believed, there is nothing to check; and an attacker must not make the card probe faster
  // than once in the interval.
  if (!watch.hopeful() || watch.to_start || now < watch.next_burst) return {};
  watch.next_burst = now + count(watch.settings.interval);
  if (watch.host) {
    ++counts_.bursts;
    watch.host->burst(now, options_.burst);
    reschedule(watch);
    return {};
  }
  auto submitted = card_.submit(Command::burst(watch.number, static_cast<std::uint8_t>(options_.burst)), {});
  if (submitted) ++counts_.bursts;
  // With a full command ring there are better things to do than to follow hints.
  if (!submitted && submitted.error().code == Errc::no_space) return {};
  return submitted;
}

// ---- Time

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
  for (const auto& [time, spi] : schedule_) {
    if (time > now) break;
    ready.push_back(spi);
  }
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
  watch.start_at = watch.fault.empty() ? 0 : now + count(kRetryInterval);
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
    const auto finish = [self = weak_from_this(), spi,
                         retry = now + count(watch.settings.detection_time())](const Result<PingResult>& result) {
      const auto impl = self.lock();
      if (!impl) return;
      --impl->token_pings_;
      const auto asked = impl->watches_.find(spi);
      if (asked == impl->watches_.end()) return;
      asked->second.token_queued = false;
      // A peer without a secret is asked again as rarely as one whose token is known.
      if (!result || !result->answered) asked->second.token_due = retry;
      if (result && result->answered) asked->second.token_due = result->t_arrival + count(impl->options_.token_refresh);
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

LivenessInfo Monitor::Impl::describe(const Watch& watch) const {
  return {.spi_in = watch.spi_in,
          .state = watch.state,
          .reason = watch.reason,
          .since = watch.since,
          .settings = watch.settings,
          .evidence = watch.evidence,
          .token_known = watch.token.known(),
          .changes = watch.changes,
          .hints = watch.hints,
          .fault = watch.fault};
}

std::optional<LivenessInfo> Monitor::Impl::find(std::uint32_t spi) const {
  const auto found = watches_.find(spi);
  if (found == watches_.end()) return std::nullopt;
  return describe(found->second);
}

std::vector<LivenessInfo> Monitor::Impl::list() const {
  std::vector<LivenessInfo> result;
  result.reserve(watches_.size());
  for (const auto& [spi, watch] : watches_) result.push_back(describe(watch));
  return result;
}

// ---- The interface

Monitor::Monitor(Card& card, SaManager& sas, Pinger& pinger, const MonitorOptions& options)
    : impl_(std::make_shared<Impl>(card, sas, pinger, options)) {
  impl_->attach();
}
Monitor::~Monitor() { impl_->detach(); }

void Monitor::set_handler(Handler handler) { impl_->set_handler(std::move(handler)); }
void Monitor::set_fault_handler(FaultHandler handler) { impl_->set_fault_handler(std::move(handler)); }
Result<void> Monitor::watch(std::uint32_t spi_in, const LivenessSettings& settings) {
  return impl_->watch(spi_in, settings);
}
Result<void> Monitor::unwatch(std::uint32_t spi_in) { return impl_->unwatch(spi_in); }
Result<void> Monitor::set_mode(std::uint32_t spi_in, ProbeMode mode) { return impl_->set_mode(spi_in, mode); }
Result<void> Monitor::set_admin_down(std::uint32_t spi_in, bool down) { return impl_->set_admin_down(spi_in, down); }
Result<void> Monitor::set_floor(std::uint32_t spi_in, std::uint64_t n) { return impl_->set_floor(spi_in, n); }
std::optional<LivenessInfo> Monitor::find(std::uint32_t spi_in) const { return impl_->find(spi_in); }
std::vector<LivenessInfo> Monitor::list() const { return impl_->list(); }
std::size_t Monitor::size() const { return impl_->size(); }
const MonitorCounts& Monitor::counts() const { return impl_->counts(); }
Result<ProbeStatus> Monitor::probe_status(std::uint32_t spi_in) { return impl_->probe_status(spi_in); }
Result<void> Monitor::start_probe_status(std::uint32_t spi_in, ProbeStatusHandler done) {
  return impl_->start_probe_status(spi_in, std::move(done));
}
bool Monitor::handle(const Event& event) { return impl_->handle(event); }
Result<bool> Monitor::handle(const Exception& exception) { return impl_->handle(exception); }
Result<bool> Monitor::handle_frame(std::span<const std::uint8_t> frame, std::uint64_t now) {
  return impl_->handle_packet(ipv4_packet(frame), now);
}
Result<bool> Monitor::handle_packet(std::span<const std::uint8_t> packet, std::uint64_t now) {
  return impl_->handle_packet(packet, now);
}
Result<void> Monitor::tick(std::uint64_t now) { return impl_->tick(now); }
std::optional<std::uint64_t> Monitor::next_tick() const { return impl_->next_tick(); }

}  // namespace sapulse
