// SPDX-License-Identifier: Apache-2.0
#include "sapulse/monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "icmp.h"
#include "monitor_impl.h"

namespace sapulse {
namespace {

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
    forget_spi_out(watch);
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
  forget_spi_out(found->second);
  watches_.erase(found);
}

void Monitor::Impl::forget_spi_out(const Watch& watch) {
  const auto [first, last] = by_spi_out_.equal_range(watch.spi_out);
  by_spi_out_.erase(std::find_if(first, last, [&](const auto& item) { return item.second == watch.spi_in; }));
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
    const std::uint64_t fresh = watch.token.time() + nanoseconds_of(options_.token_refresh);
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
    case ProbeState::idle:
      // The card has lost the SA's settings (event table_fault): they are written again.
      watch.to_start = true;
      watch.begun = kNever;
      reschedule(watch);
      break;
    case ProbeState::init:
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
  watch.token_due = result.t_arrival + nanoseconds_of(options_.token_refresh);
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
