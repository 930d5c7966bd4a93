// SPDX-License-Identifier: Apache-2.0
#include "sapulse/pinger.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace sapulse {
namespace {

using std::chrono::nanoseconds;

/// Card's time after the end of a ping's timeout within which the card must have told.
constexpr nanoseconds kTellingTime = std::chrono::milliseconds(100);
constexpr nanoseconds kLongestTimeout = std::chrono::hours(1);
constexpr std::size_t kSizeStep = wire::nested_alignment;

/// Difference of two clock values, whichever is greater.
nanoseconds difference(std::uint64_t later, std::uint64_t earlier) {
  return nanoseconds(static_cast<std::int64_t>(later - earlier));
}

Result<void> check(const PingOptions& options) {
  if (options.data_bytes > regs::kEchoDataBytes) {
    return failure(Errc::invalid_argument,
                   fmt::format("ping with {} bytes of data: at most {}", options.data_bytes, regs::kEchoDataBytes));
  }
  if (options.timeout <= nanoseconds(0) || options.timeout > kLongestTimeout) {
    return failure(
        Errc::invalid_argument,
        fmt::format("ping with a timeout of {} ns: must be more than 0 and at most 1 h", options.timeout.count()));
  }
  return {};
}

}  // namespace

nanoseconds PingResult::rtt() const { return difference(t_arrival, t_origin); }

std::optional<nanoseconds> PingResult::forward() const {
  if (!telemetry.times) return std::nullopt;
  return difference(telemetry.times->receive, t_origin);
}

std::optional<nanoseconds> PingResult::backward() const {
  if (!telemetry.times) return std::nullopt;
  return difference(t_arrival, telemetry.times->transmit);
}

std::optional<nanoseconds> PingResult::turnaround() const {
  if (!telemetry.times) return std::nullopt;
  return difference(telemetry.times->transmit, telemetry.times->receive);
}

namespace {

/// The sizes that a search tries. The ends come first: most paths carry all or nothing.
class SizeSearch {
 public:
  SizeSearch(std::size_t least, std::size_t most, unsigned attempts)
      : least_(least), most_(most), attempts_(attempts) {}

  [[nodiscard]] std::size_t next() const {
    if (found_.passed == 0) return least_;
    if (found_.failed == 0) return most_;
    return found_.passed + (found_.failed - found_.passed) / 2 / kSizeStep * kSizeStep;
  }
  void take(bool answered) {
    const std::size_t size = next();
    ++found_.pings;
    ++tried_;
    if (!answered && tried_ < attempts_) return;
    tried_ = 0;
    (answered ? found_.passed : found_.failed) = size;
  }
  [[nodiscard]] bool finished() const {
    if (tried_ != 0) return false;
    if (found_.failed == 0) return found_.passed == most_;
    return found_.passed == 0 || found_.failed - found_.passed <= kSizeStep;
  }
  [[nodiscard]] const PathMtu& found() const { return found_; }

 private:
  std::size_t least_;
  std::size_t most_;
  unsigned attempts_;  ///< pings of a size without an answer before it is taken not to pass
  unsigned tried_ = 0;
  PathMtu found_;
};

/// A search that is under way.
struct PathMtuSearch {
  std::uint32_t spi;
  nanoseconds timeout;
  SizeSearch sizes;
  Pinger::PathMtuHandler done;
};

}  // namespace

class Pinger::Impl : public std::enable_shared_from_this<Pinger::Impl> {
 public:
  Impl(Card& card, const SaManager& sas, Pump pump) : card_(card), sas_(sas), pump_(std::move(pump)) {}

  Result<void> start(std::uint32_t spi, const PingOptions& options, Handler done);
  Result<void> start_to(std::uint32_t spi, const Place& place, const PingOptions& options, Handler done);
  Result<PingResult> ping(std::uint32_t spi, const PingOptions& options);
  Result<void> start_path_mtu(std::uint32_t spi, const PathMtuOptions& options, PathMtuHandler done);
  Result<PathMtu> probe_path_mtu(std::uint32_t spi, const PathMtuOptions& options);
  bool handle(const Event& event);
  [[nodiscard]] std::size_t outstanding() const { return submitted_.size() + pending_.size(); }
  void set_observer(std::function<void(const PingResult&)> observer) { observer_ = std::move(observer); }
  /// Tells everybody who still waits that no answer will come.
  void give_up();

 private:
  struct Pending {
    PingResult result;
    Handler done;
  };
  struct Early {
    Event event;
    std::uint64_t started;  ///< pings that had been started before
  };

  [[nodiscard]] Result<const SaInfo*> find_askable(std::uint32_t spi) const;
  void complete(const std::shared_ptr<Pending>& submitted, const Completion& completion);
  void begin(Pending pending, const Completion& completion);
  void finish(Pending pending, const Event& event);
  /// Sends the next ping of a search.
  Result<void> advance(const std::shared_ptr<PathMtuSearch>& search);
  /// Lets the card work until `done` says so, at most for a time of the card. Errors: those of the pump, timeout.
  Result<void> pump_until(const std::function<bool()>& done, nanoseconds patience, std::uint32_t spi);

  Card& card_;
  const SaManager& sas_;
  Pump pump_;
  std::function<void(const PingResult&)> observer_;
  std::unordered_set<std::shared_ptr<Pending>> submitted_;  ///< commands that have not completed
  std::unordered_map<std::uint32_t, Pending> pending_;      ///< by transaction
  std::unordered_map<std::uint32_t, Early> early_;          ///< events that were seen before the completion
  std::uint64_t started_ = 0;                               ///< pings, ever; they complete in this order
  std::uint64_t completed_ = 0;
};

Result<const SaInfo*> Pinger::Impl::find_askable(std::uint32_t spi) const {
  if (!card_.info().has_requester()) {
    return failure(Errc::unsupported, card_.device().name() + ": this card does not send requests of its own");
  }
  const SaInfo* sa = sas_.find(spi);
  if (sa == nullptr) return failure(Errc::not_found, fmt::format("no SA with inbound SPI {:#010x}", spi));
  if (!sa->path) return failure(Errc::not_found, fmt::format("SA '{}': no path to the peer is known", sa->name));
  return sa;
}

Result<void> Pinger::Impl::start(std::uint32_t spi, const PingOptions& options, Handler done) {
  if (auto good = check(options); !good) return good;
  const auto sa = find_askable(spi);
  if (!sa) return tl::unexpected(sa.error());
  const auto command = Command::ping((*sa)->number, static_cast<std::uint16_t>(options.data_bytes), options.timeout);
  auto pending = std::make_shared<Pending>();
  pending->result.spi_in = spi;
  pending->result.sa = (*sa)->number;
  pending->done = std::move(done);
  auto submitted = card_.submit(command, [self = weak_from_this(), pending](const Completion& completion) {
    if (const auto impl = self.lock()) impl->complete(pending, completion);
  });
  if (!submitted) return submitted;
  ++started_;
  submitted_.insert(pending);
  return submitted;
}

Result<void> Pinger::Impl::start_to(std::uint32_t spi, const Place& place, const PingOptions& options, Handler done) {
  if (auto good = check(options).and_then([&] { return validate(place.path); }); !good) return good;
  const auto found = find_askable(spi);
  if (!found) return tl::unexpected(found.error());
  const SaInfo sa = **found;
  const auto path_to = [&](const Place& to) {
    return Command::write_path(sa.number, to.path, sa.local, to.peer, sa.peer_token_nonce);
  };
  // Commands are executed in order: nothing but this ping, and a probe that is due at that very moment, goes there.
  const std::array commands{
      path_to(place), Command::ping(sa.number, static_cast<std::uint16_t>(options.data_bytes), options.timeout),
      path_to({.peer = sa.peer, .path = *sa.path})};  // NOLINT(bugprone-unchecked-optional-access): askable
  const auto completions = card_.execute(commands);
  if (!completions) return tl::unexpected(completions.error());
  for (const Completion& written : {completions->front(), completions->back()}) {
    if (written.status == Status::ok) continue;
    return failure(Errc::device_error,
                   fmt::format("{}: path of SPI {:#010x}: {}", card_.device().name(), spi, regs::name(written.status)));
  }
  begin({.result = {.spi_in = spi, .sa = sa.number}, .done = std::move(done)}, (*completions)[1]);
  return {};
}

void Pinger::Impl::complete(const std::shared_ptr<Pending>& submitted, const Completion& completion) {
  ++completed_;
  if (submitted_.erase(submitted) == 0) return;  // given up
  begin(std::move(*submitted), completion);
}

void Pinger::Impl::begin(Pending pending, const Completion& completion) {
  const auto early = early_.extract(completion.transaction);
  // What came before those that have completed now and was of none of them is of nobody.
  std::erase_if(early_, [&](const auto& item) { return item.second.started <= completed_; });
  if (completion.status != Status::ok) {
    const Errc code = completion.status == Status::busy       ? Errc::no_space
                      : completion.status == Status::unusable ? Errc::not_found
                                                              : Errc::device_error;
    return pending.done(failure(code, fmt::format("{}: ping of SPI {:#010x}: {}", card_.device().name(),
                                                  pending.result.spi_in, regs::name(completion.status))));
  }
  pending.result.transaction = completion.transaction;
  pending.result.n = completion.n;
  if (early) return finish(std::move(pending), early.mapped().event);
  pending_.insert_or_assign(completion.transaction, std::move(pending));
}

bool Pinger::Impl::handle(const Event& event) {
  if (event.kind != EventKind::ping_reply && event.kind != EventKind::ping_timeout) return false;
  if (auto found = pending_.extract(event.transaction)) {
    finish(std::move(found.mapped()), event);
    return true;
  }
  // The rings are written independently: an event may be seen before the completion of its command.
  if (submitted_.empty()) return false;
  early_.insert_or_assign(event.transaction, Early{.event = event, .started = started_});
  return true;
}

void Pinger::Impl::finish(Pending pending, const Event& event) {
  PingResult& result = pending.result;
  result.answered = event.kind == EventKind::ping_reply;
  result.t_origin = event.t_origin;
  if (result.answered) {
    result.reply_n = event.n;
    result.t_arrival = event.t_arrival;
    result.frame_length = event.frame_length;
    result.telemetry = event.telemetry;
  }
  if (observer_) observer_(result);
  pending.done(result);
}

void Pinger::Impl::give_up() {
  const auto closed = failure(Errc::device_error, "the card has been closed");
  for (const auto& pending : std::exchange(submitted_, {})) pending->done(closed);
  for (const auto& [transaction, pending] : std::exchange(pending_, {})) pending.done(closed);
}

Result<void> Pinger::Impl::pump_until(const std::function<bool()>& done, nanoseconds patience, std::uint32_t spi) {
  const auto begin = card_.time();
  if (!begin) return tl::unexpected(begin.error());
  while (!done()) {
    const auto now = card_.time();
    if (!now) return tl::unexpected(now.error());
    const nanoseconds left = patience - difference(*now, *begin);
    if (left <= nanoseconds(0)) {
      return failure(Errc::timeout, fmt::format("{}: ping of SPI {:#010x}: the card has not told what became of it",
                                                card_.device().name(), spi));
    }
    if (auto pumped = pump_(left); !pumped) return pumped;
  }
  return {};
}

Result<PingResult> Pinger::Impl::ping(std::uint32_t spi, const PingOptions& options) {
  const auto result = std::make_shared<std::optional<Result<PingResult>>>();
  if (auto started = start(spi, options, [result](const Result<PingResult>& r) { *result = r; }); !started) {
    return tl::unexpected(started.error());
  }
  auto waited = pump_until([&] { return result->has_value(); }, options.timeout + kTellingTime, spi);
  if (!waited) return tl::unexpected(waited.error());
  return std::move(**result);  // NOLINT(bugprone-unchecked-optional-access): it has been waited for
}

Result<void> Pinger::Impl::advance(const std::shared_ptr<PathMtuSearch>& search) {
  const auto sa = find_askable(search->spi);
  if (!sa) return tl::unexpected(sa.error());
  const Path& path = *(*sa)->path;  // NOLINT(bugprone-unchecked-optional-access): askable
  const std::size_t data = echo_data_bytes(path, !(*sa)->local.is_v4(), search->sizes.next());
  return start(search->spi, {.data_bytes = data, .timeout = search->timeout},
               [self = weak_from_this(), search](const Result<PingResult>& result) {
                 if (!result) return search->done(tl::unexpected(result.error()));
                 search->sizes.take(result->answered);
                 const auto impl = self.lock();
                 if (search->sizes.finished() || !impl) return search->done(search->sizes.found());
                 if (auto next = impl->advance(search); !next) search->done(tl::unexpected(next.error()));
               });
}

Result<void> Pinger::Impl::start_path_mtu(std::uint32_t spi, const PathMtuOptions& options, PathMtuHandler done) {
  const auto sa = find_askable(spi);
  if (!sa) return tl::unexpected(sa.error());
  const Path& path = *(*sa)->path;  // NOLINT(bugprone-unchecked-optional-access): askable
  const bool ipv6 = !(*sa)->local.is_v4();
  const std::size_t smallest = echo_ip_bytes(path, ipv6, wire::telemetry_bytes);
  const std::size_t largest = echo_ip_bytes(path, ipv6, echo_data_bytes(path, ipv6, options.most));
  const std::size_t card_limit = echo_ip_bytes(path, ipv6, regs::kEchoDataBytes) - kSizeStep;
  const std::size_t most = std::min(largest, card_limit);
  const std::size_t above = options.least > smallest ? options.least - smallest : 0;
  const std::size_t least = smallest + (above + kSizeStep - 1) / kSizeStep * kSizeStep;
  if (options.attempts == 0 || options.most < smallest || least > most) {
    return failure(Errc::invalid_argument,
                   fmt::format("path MTU between {} and {} bytes with {} attempts: at least one attempt, and sizes of "
                               "{}..{} bytes",
                               options.least, options.most, options.attempts, smallest, card_limit));
  }
  return advance(std::make_shared<PathMtuSearch>(PathMtuSearch{.spi = spi,
                                                               .timeout = options.timeout,
                                                               .sizes = SizeSearch(least, most, options.attempts),
                                                               .done = std::move(done)}));
}

Result<PathMtu> Pinger::Impl::probe_path_mtu(std::uint32_t spi, const PathMtuOptions& options) {
  const auto found = std::make_shared<std::optional<Result<PathMtu>>>();
  auto started = start_path_mtu(spi, options, [found](const Result<PathMtu>& mtu) { *found = mtu; });
  if (!started) return tl::unexpected(started.error());
  // As many pings as halving can take, and the two ends.
  const auto most_pings = static_cast<std::int64_t>(options.attempts) * (std::numeric_limits<std::size_t>::digits + 2);
  const nanoseconds patience = (options.timeout + kTellingTime) * most_pings;
  auto waited = pump_until([&] { return found->has_value(); }, patience, spi);
  if (!waited) return tl::unexpected(waited.error());
  return std::move(**found);  // NOLINT(bugprone-unchecked-optional-access): it has been waited for
}

Pinger::Pinger(Card& card, const SaManager& sas, Pump pump)
    : impl_(std::make_shared<Impl>(card, sas, std::move(pump))) {}
Pinger::~Pinger() { impl_->give_up(); }

Result<void> Pinger::start(std::uint32_t spi_in, const PingOptions& options, Handler done) {
  return impl_->start(spi_in, options, std::move(done));
}

Result<void> Pinger::start_to(std::uint32_t spi_in, const Place& place, const PingOptions& options, Handler done) {
  return impl_->start_to(spi_in, place, options, std::move(done));
}

Result<PingResult> Pinger::ping(std::uint32_t spi_in, const PingOptions& options) {
  return impl_->ping(spi_in, options);
}

Result<void> Pinger::start_path_mtu(std::uint32_t spi_in, const PathMtuOptions& options, PathMtuHandler done) {
  return impl_->start_path_mtu(spi_in, options, std::move(done));
}

Result<PathMtu> Pinger::probe_path_mtu(std::uint32_t spi_in, const PathMtuOptions& options) {
  return impl_->probe_path_mtu(spi_in, options);
}

bool Pinger::handle(const Event& event) { return impl_->handle(event); }
std::size_t Pinger::outstanding() const { return impl_->outstanding(); }

void Pinger::set_observer(std::function<void(const PingResult&)> observer) { impl_->set_observer(std::move(observer)); }

}  // namespace sapulse
