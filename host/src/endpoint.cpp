// SPDX-License-Identifier: Apache-2.0
#include "sapulse/endpoint.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace sapulse {
namespace {

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
  Result<void> checkpoint();
  Result<void> close();
  void set_observer(ErrorResponder::Observer observer) { observer_ = std::move(observer); }
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
  Result<void> pump(std::chrono::nanoseconds timeout);
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
  std::uint64_t next_checkpoint_ = 0;  ///< ns of the card's clock
  std::string store_fault_;            ///< of the last checkpoint; empty: it was written
};

Result<void> Endpoint::Impl::install(const Config& config) {
  if (!store_ || store_->is_new()) return sas_.add(std::span(config.sas));
  return sas_.restore();
}

Result<void> Endpoint::Impl::start(const Config& config) {
  CardConfig card = config.card;
  if (card_->info().has_requester()) card.copies.merge(needed_copies(config.errors.codes));
  // SAs first: a card that answered without them would report the peers' SPIs as unknown.
  if (auto done = install(config).and_then([&] { return card_->configure(card); }); !done) return done;
  for (const LivenessInfo& watched : monitor_.list()) {
    if (!store_) break;
    if (auto set = monitor_.set_floor(watched.spi_in, store_->floor(watched.spi_in)); !set) return set;
  }
  const auto now = card_->time();
  if (!now) return tl::unexpected(now.error());
  next_checkpoint_ = *now + static_cast<std::uint64_t>(options_.checkpoint.count());
  return monitor_.tick(*now);
}

Result<std::size_t> Endpoint::Impl::poll(const ErrorResponder::Observer& observer) {
  // Handling may wait for the card, which must not happen inside Card::poll().
  std::vector<Exception> exceptions;
  std::vector<Event> events;
  auto polled = card_->poll([&](const Exception& exception) { exceptions.push_back(exception); },
                            [&](const Event& event) { events.push_back(event); });
  if (!polled) return polled;
  for (const Event& event : events) {
    if (!pinger_.handle(event)) (void)monitor_.handle(event);  // events of SAs that are gone concern nobody
  }
  for (const Exception& exception : exceptions) {
    if (const auto taken = monitor_.handle(exception); !taken) return tl::unexpected(taken.error());
    if (const auto taken = follower_.handle(exception); !taken) return tl::unexpected(taken.error());
    const auto verdict = errors_.handle(exception);
    if (!verdict) return tl::unexpected(verdict.error());
    if (observer) observer(exception, *verdict);
  }
  if (auto done = do_what_is_due(); !done) return tl::unexpected(done.error());
  return exceptions.size() + events.size();
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
  const auto written = store_->extend_sequence().and_then([&] { return checkpoint(); });
  const std::string fault = written ? "" : written.error().message;
  if (fault == store_fault_) return;
  report(written ? "the state can be written again" : "checkpoint, tried again: " + fault);
  store_fault_ = fault;
}

std::optional<std::uint64_t> Endpoint::Impl::next_due() const {
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
  return wait(timeout).and_then([&](bool) { return poll(observer_); }).map([](std::size_t) {});
}

Result<void> Endpoint::Impl::checkpoint() {
  if (!store_) return {};
  const std::vector<SaInfo> installed = sas_.list();
  std::vector<Command> commands;
  commands.reserve(installed.size());
  for (const SaInfo& sa : installed) commands.push_back(Command::read(sa.number));
  const auto completions = card_->execute(commands);
  if (!completions) return tl::unexpected(completions.error());
  std::unordered_map<std::uint32_t, std::uint64_t> floors;
  for (std::size_t i = 0; i < installed.size(); ++i) {
    const std::uint32_t spi = installed[i].spi_in;
    // The window of the card may have been lost since the last checkpoint; the floor never sinks.
    floors[spi] = std::max((*completions)[i].window_top, store_->floor(spi));
  }
  return store_->checkpoint(floors);
}

Result<void> Endpoint::Impl::close() {
  auto written = checkpoint();
  auto closed = card_->close();
  return written ? closed : written;
}

Endpoint::Endpoint(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Endpoint::~Endpoint() = default;

Result<std::unique_ptr<Endpoint>> Endpoint::open(Device& device, const Config& config, const EndpointOptions& options) {
  std::unique_ptr<SaStore> store;
  DeviceSecret secret;
  if (!options.state.empty()) {
    auto opened = SaStore::open(options.state);
    if (!opened) return tl::unexpected(opened.error());
    store = std::move(*opened);
    auto stored = config.secret.empty() ? store->secret() : config.secret;
    if (!stored) return tl::unexpected(stored.error());
    secret = *stored;
  }
  auto card = Card::open(device, options.card);
  if (!card) return tl::unexpected(card.error());
  std::unique_ptr<Endpoint> endpoint(
      new Endpoint(std::make_unique<Impl>(std::move(*card), std::move(store), secret, config, options)));
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
int Endpoint::event_descriptor() const { return impl_->event_descriptor(); }
Result<std::chrono::nanoseconds> Endpoint::prepare_sleep(std::optional<std::uint64_t> due) {
  return impl_->prepare_sleep(due);
}
Result<void> Endpoint::checkpoint() { return impl_->checkpoint(); }
Result<bool> Endpoint::quiet() { return impl_->card().quiet(); }
Result<void> Endpoint::close() { return impl_->close(); }

}  // namespace sapulse
