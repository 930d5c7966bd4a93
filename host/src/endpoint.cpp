// SPDX-License-Identifier: Apache-2.0
#include "sapulse/endpoint.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "endpoint_access.h"
#include "sapulse/poll_timeout.h"
#include "side_task.h"
#include "table_faults.h"

namespace sapulse {
namespace {

using std::chrono::nanoseconds;

/// Moves of peers that are told while SAs cannot be changed. What is left out, the next packets tell again.
constexpr std::size_t kMostPutOff = 1024;
constexpr std::size_t kProgressSas = 512;

DeviceSecret choose_secret(const Config& config, const DeviceSecret& stored) {
  return config.secret.empty() ? stored : config.secret;
}

ErrorResponderOptions choose_errors(const Config& config, const ErrorResponderOptions& limits) {
  ErrorResponderOptions options = limits;
  options.codes = config.errors.codes;
  options.icmp_peers = config.errors.icmp_peers;
  return options;
}

}  // namespace

class Endpoint::Impl {
 public:
  using Waiter = std::function<Result<bool>(nanoseconds timeout)>;

  Impl(std::unique_ptr<Card> card, std::unique_ptr<SaStore> store, const DeviceSecret& stored_secret,
       const Config& config, const EndpointOptions& options)
      : options_(options),
        store_(std::move(store)),
        card_(std::move(card)),
        sas_(*card_, choose_secret(config, stored_secret), store_.get()),
        errors_(*card_, sas_, choose_errors(config, options.errors)),
        pinger_(*card_, sas_, [this](std::chrono::nanoseconds timeout) { return pump(timeout); }),
        monitor_(*card_, sas_, pinger_, options.monitor),
        follower_(sas_, pinger_, options.follower) {
    monitor_.set_fault_handler([this](const std::string& line) { report(line); });
    if (store_ && !store_->repaired().empty()) report(store_->repaired());
  }

  Result<void> start(const Config& config);
  Result<std::size_t> poll(const ErrorResponder::Observer& observer);
  Result<bool> wait(std::chrono::nanoseconds timeout);
  [[nodiscard]] int event_descriptor() const { return card_->event_descriptor(); }
  Result<std::chrono::nanoseconds> prepare_sleep(std::optional<std::uint64_t> due);
  Result<void> checkpoint() { return store_ ? sas_.checkpoint() : Result<void>(); }
  Result<void> close();
  void run_beside(const std::function<void()>& work);
  /// This one and its companions.
  void take_turns();
  void set_companions(std::vector<Impl*> companions) { companions_ = std::move(companions); }
  void set_observer(ErrorResponder::Observer observer) { observer_ = std::move(observer); }
  void set_waiter(Waiter waiter) { waiter_ = std::move(waiter); }
  [[nodiscard]] const ErrorResponder::Observer& observer() const { return observer_; }

  Card& card() { return *card_; }
  SaManager& sas() { return sas_; }
  ErrorResponder& errors() { return errors_; }
  Pinger& pinger() { return pinger_; }
  Monitor& monitor() { return monitor_; }
  PeerFollower& follower() { return follower_; }
  SaStore* store() { return store_.get(); }

 private:
  Result<void> install(const Config& config);
  Result<void> install_in_parts(std::span<const SaParameters> sas);
  Result<void> pump(std::chrono::nanoseconds timeout);
  /// Takes what the card tells. `follows`: paths may follow their peers now.
  Result<std::size_t> take_news(const ErrorResponder::Observer& observer, bool follows);
  void take_event(const Event& event);
  Result<void> take_exception(const Exception& exception, const ErrorResponder::Observer& observer, bool follows);
  Result<void> follow_peers();
  /// poll() while SAs are being changed. Errors: those of the card, which the next call returns again.
  Result<void> take_turn();
  Result<void> do_what_is_due();
  void write_checkpoint();
  void report(const std::string& line) const {
    if (options_.report) options_.report(line);
  }
  /// When poll() has something to do whatever happens, ns of the card's clock; nothing: never.
  [[nodiscard]] std::optional<std::uint64_t> next_due() const;

  EndpointOptions options_;
  std::unique_ptr<SaStore> store_;
  std::unique_ptr<Card> card_;
  SaManager sas_;
  ErrorResponder errors_;
  Pinger pinger_;
  Monitor monitor_;
  PeerFollower follower_;
  ErrorResponder::Observer observer_;
  Waiter waiter_;
  std::vector<Impl*> companions_;
  TableFaults table_faults_;
  std::vector<Exception> put_off_;     ///< peers that have moved while SAs were being changed
  std::uint64_t next_checkpoint_ = 0;  ///< ns of the card's clock
  std::string store_fault_;            ///< of the last checkpoint; empty: it was written
};

Result<void> Endpoint::Impl::install(const Config& config) {
  if (store_) return store_->is_new() ? sas_.add(std::span(config.sas)) : sas_.restore();
  return options_.progress ? install_in_parts(config.sas) : sas_.add(std::span(config.sas));
}

Result<void> Endpoint::Impl::install_in_parts(std::span<const SaParameters> sas) {
  for (std::size_t done = 0; done < sas.size();) {
    const auto part = sas.subspan(done, std::min(kProgressSas, sas.size() - done));
    if (auto added = sas_.add(part); !added) return added;
    done += part.size();
    options_.progress(done, sas.size());
  }
  return {};
}

Result<void> Endpoint::Impl::start(const Config& config) {
  CardConfig card = config.card;
  if (card_->info().has_requester()) card.copies.merge(needed_copies(config.errors.codes));
  // SAs first: a card that answered without them would report the peers' SPIs as unknown.
  if (auto done = install(config).and_then([&] { return card_->configure(card); }); !done) return done;
  for (const RefusedSa& refused : sas_.refused()) {
    report(fmt::format("SA '{}', inbound SPI {:#010x}, is stored, but cannot be installed: {}", refused.sa.name,
                       refused.sa.spi_in, refused.reason));
  }
  for (const LivenessInfo& watched : monitor_.list()) {
    if (!store_) break;
    if (auto set = monitor_.set_floor(watched.spi_in, store_->floor(watched.spi_in)); !set) return set;
  }
  sas_.set_meanwhile({.run_beside = [this](const std::function<void()>& work) { run_beside(work); },
                      .take_turn = [this] { take_turns(); }});
  const auto now = card_->time();
  if (!now) return tl::unexpected(now.error());
  next_checkpoint_ = *now + static_cast<std::uint64_t>(options_.checkpoint.count());
  return monitor_.tick(*now);
}

Result<std::size_t> Endpoint::Impl::poll(const ErrorResponder::Observer& observer) {
  auto taken = follow_peers().and_then([&] { return take_news(observer, true); });
  if (!taken) return taken;
  return do_what_is_due().map([&] { return *taken; });
}

Result<std::size_t> Endpoint::Impl::take_news(const ErrorResponder::Observer& observer, bool follows) {
  // Handling may wait for the card, which must not happen inside Card::poll().
  std::vector<Exception> exceptions;
  std::vector<Event> events;
  auto polled = card_->poll([&](const Exception& exception) { exceptions.push_back(exception); },
                            [&](const Event& event) { events.push_back(event); });
  if (!polled) return polled;
  for (const Event& event : events) take_event(event);
  for (const Exception& exception : exceptions) {
    if (auto taken = take_exception(exception, observer, follows); !taken) return tl::unexpected(taken.error());
  }
  return exceptions.size() + events.size();
}

void Endpoint::Impl::take_event(const Event& event) {
  if (event.kind == EventKind::table_fault) {
    if (const auto line = table_faults_.take(event, sas_)) report(*line);
  } else if (!pinger_.handle(event)) {
    (void)monitor_.handle(event);  // events of SAs that are gone concern nobody
  }
}

Result<void> Endpoint::Impl::take_exception(const Exception& exception, const ErrorResponder::Observer& observer,
                                            bool follows) {
  if (const auto taken = monitor_.handle(exception); !taken) return tl::unexpected(taken.error());
  if (follows) {
    if (const auto taken = follower_.handle(exception); !taken) return tl::unexpected(taken.error());
  } else if (exception.cause == Cause::peer_moved && put_off_.size() < kMostPutOff) {
    put_off_.push_back(exception);
  }
  const auto verdict = errors_.handle(exception);
  if (!verdict) return tl::unexpected(verdict.error());
  if (observer) observer(exception, *verdict);
  return {};
}

Result<void> Endpoint::Impl::follow_peers() {
  for (const Exception& exception : std::exchange(put_off_, {})) {
    if (const auto taken = follower_.handle(exception); !taken) return tl::unexpected(taken.error());
  }
  return {};
}

Result<void> Endpoint::Impl::take_turn() {
  if (auto taken = take_news(observer_, false); !taken) return tl::unexpected(taken.error());
  if (!monitor_.next_tick()) return {};
  return card_->time().and_then([&](std::uint64_t now) { return monitor_.tick(now); });
}

void Endpoint::Impl::take_turns() {
  (void)take_turn();
  for (Impl* companion : companions_) (void)companion->take_turn();
}

void Endpoint::Impl::run_beside(const std::function<void()>& work) {
  SideTask task(work);
  std::vector<Impl*> healthy = companions_;
  healthy.push_back(this);
  while (!task.has_ended()) {
    auto sleep = nanoseconds::max();
    std::vector<pollfd> wake{{task.descriptor(), POLLIN, 0}};
    std::erase_if(healthy, [&](Impl* each) {
      const auto longest =
          each->take_turn().and_then([&] { return each->card_->prepare_sleep(each->monitor_.next_tick()); });
      if (!longest) return true;
      sleep = std::min(sleep, *longest);
      wake.push_back({each->event_descriptor(), POLLIN, 0});
      return false;
    });
    (void)::poll(wake.data(), wake.size(), poll_timeout(sleep));
  }
  task.finish();
}

Result<void> Endpoint::Impl::do_what_is_due() {
  if (!store_ && !monitor_.next_tick()) return {};
  const auto now = card_->time();
  if (!now) return tl::unexpected(now.error());
  if (auto ticked = monitor_.tick(*now); !ticked) return ticked;
  if (!store_ || *now < next_checkpoint_) return {};
  next_checkpoint_ = *now + static_cast<std::uint64_t>(options_.checkpoint.count());
  write_checkpoint();
  return {};
}

void Endpoint::Impl::write_checkpoint() {
  const auto written = checkpoint();
  const std::string fault = written ? "" : written.error().message;
  if (fault == store_fault_) return;
  report(written ? "the state can be written again" : "checkpoint, tried again: " + fault);
  store_fault_ = fault;
}

std::optional<std::uint64_t> Endpoint::Impl::next_due() const {
  if (!put_off_.empty()) return 0;
  const std::optional<std::uint64_t> tick = monitor_.next_tick();
  return store_ ? std::min(tick.value_or(next_checkpoint_), next_checkpoint_) : tick;
}

Result<std::chrono::nanoseconds> Endpoint::Impl::prepare_sleep(std::optional<std::uint64_t> due) {
  const std::optional<std::uint64_t> own = next_due();
  return card_->prepare_sleep(due && own ? std::min(due, own) : (due ? due : own));
}

Result<bool> Endpoint::Impl::wait(std::chrono::nanoseconds timeout) {
  const std::optional<std::uint64_t> due = next_due();
  if (!due) return card_->wait(timeout);
  const auto now = card_->time();
  if (!now) return tl::unexpected(now.error());
  if (*due <= *now) return true;
  const std::uint64_t left = *due - *now;
  if (left >= static_cast<std::uint64_t>(timeout.count())) return card_->wait(timeout);
  return card_->wait(std::chrono::nanoseconds(left)).map([](bool) { return true; });
}

Result<void> Endpoint::Impl::pump(std::chrono::nanoseconds timeout) {
  const auto waited = waiter_ ? waiter_(timeout) : wait(timeout);
  return waited.and_then([&](bool) { return poll(observer_); }).map([](std::size_t) {});
}

Result<void> Endpoint::Impl::close() {
  auto written = checkpoint();
  auto closed = card_->close();
  return written ? closed : written;
}

Endpoint::Endpoint(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Endpoint::~Endpoint() = default;

Result<std::unique_ptr<Endpoint>> Endpoint::open(Device& device, const Config& config, const EndpointOptions& options) {
  if (options.state.empty()) return EndpointAccess::open(device, config, options, nullptr);
  auto store = SaStore::open(options.state);
  if (!store) return tl::unexpected(store.error());
  return EndpointAccess::open(device, config, options, std::move(*store));
}

Result<std::unique_ptr<Endpoint>> EndpointAccess::open(Device& device, const Config& config,
                                                       const EndpointOptions& options, std::unique_ptr<SaStore> store) {
  DeviceSecret secret;
  if (store) {
    auto stored = config.secret.empty() ? store->secret() : config.secret;
    if (!stored) return tl::unexpected(stored.error());
    secret = *stored;
  }
  auto card = Card::open(device, options.card);
  if (!card) return tl::unexpected(card.error());
  std::unique_ptr<Endpoint> endpoint(
      new Endpoint(std::make_unique<Endpoint::Impl>(std::move(*card), std::move(store), secret, config, options)));
  if (auto started = endpoint->impl_->start(config); !started) return tl::unexpected(started.error());
  return endpoint;
}

Card& Endpoint::card() { return impl_->card(); }
SaManager& Endpoint::sas() { return impl_->sas(); }
ErrorResponder& Endpoint::errors() { return impl_->errors(); }
Pinger& Endpoint::pinger() { return impl_->pinger(); }
Monitor& Endpoint::monitor() { return impl_->monitor(); }
PeerFollower& Endpoint::follower() { return impl_->follower(); }
SaStore* Endpoint::store() { return impl_->store(); }

void Endpoint::set_exception_observer(ErrorResponder::Observer observer) { impl_->set_observer(std::move(observer)); }

Result<std::size_t> Endpoint::poll(const ErrorResponder::Observer& observer) {
  return impl_->poll(observer ? observer : impl_->observer());
}

Result<bool> Endpoint::wait(std::chrono::nanoseconds timeout) { return impl_->wait(timeout); }
void Endpoint::set_waiter(std::function<Result<bool>(nanoseconds timeout)> waiter) {
  impl_->set_waiter(std::move(waiter));
}
int Endpoint::event_descriptor() const { return impl_->event_descriptor(); }
Result<std::chrono::nanoseconds> Endpoint::prepare_sleep(std::optional<std::uint64_t> due) {
  return impl_->prepare_sleep(due);
}
void Endpoint::run_beside(const std::function<void()>& work) { impl_->run_beside(work); }
void Endpoint::take_turn() { impl_->take_turns(); }
void Endpoint::set_companions(std::vector<Endpoint*> companions) {
  std::vector<Impl*> impls;
  impls.reserve(companions.size());
  for (Endpoint* companion : companions) impls.push_back(companion->impl_.get());
  impl_->set_companions(std::move(impls));
}
Result<void> Endpoint::checkpoint() { return impl_->checkpoint(); }
Result<bool> Endpoint::quiet() { return impl_->card().quiet(); }
Result<void> Endpoint::close() { return impl_->close(); }

}  // namespace sapulse
