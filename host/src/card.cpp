// SPDX-License-Identifier: Apache-2.0
#include "sapulse/card.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "card_setup.h"
#include "command_queue.h"
#include "entry_ring.h"
#include "frame_pool.h"
#include "register_access.h"
#include "sapulse/poll_timeout.h"
#include "status_block.h"

namespace sapulse {
namespace {

using std::chrono::nanoseconds;

constexpr unsigned kPollsPerCheck = 16;
/// Without an event descriptor: short against any interval of liveness, long against the work of one look.
constexpr nanoseconds kLook = std::chrono::milliseconds(1);
/// Looks at a clock that has not moved before it is taken to stand still.
constexpr unsigned kClockPatience = 1000;
constexpr std::uint32_t kAllInterrupts = regs::interrupt_status::kCompletion.mask() |
                                         regs::interrupt_status::kException.mask() |
                                         regs::interrupt_status::kError.mask() | regs::interrupt_status::kEvent.mask();
constexpr auto kNever = std::numeric_limits<std::uint64_t>::max();

/// From now to then on the card's clock.
nanoseconds left_until(std::uint64_t then, std::uint64_t now) {
  constexpr auto kMost = static_cast<std::uint64_t>(nanoseconds::max().count());
  return nanoseconds(then > now ? static_cast<nanoseconds::rep>(std::min(then - now, kMost)) : 0);
}

}  // namespace

class Card::Impl {
 public:
  Impl(Device& device, const CardOptions& options) : registers_(device), options_(options), writer_(registers_) {}

  Result<void> open();
  Result<void> close();

  Result<void> configure(const CardConfig& config);
  Result<void> set_enabled(bool enabled);
  Result<Counters> counters();
  Result<bool> idle();
  Result<bool> quiet();

  Result<std::vector<Completion>> execute(std::span<const Command> commands);
  Result<void> submit(const Command& command, CompletionHandler done);
  Result<void> send_frame(std::span<const std::uint8_t> frame);
  Result<void> drain();
  Result<std::size_t> poll(const ExceptionHandler& on_exception, const EventHandler* on_event);
  Result<bool> wait(std::chrono::nanoseconds timeout);
  Result<bool> wait_exception(std::chrono::nanoseconds timeout);
  [[nodiscard]] int event_descriptor() const {
    return options_.interrupts ? registers_.device().event_descriptor() : -1;
  }
  Result<nanoseconds> prepare_sleep(std::optional<std::uint64_t> due);

  /// Nothing but the fault or the closing that keeps the card from being used.
  Result<void> usable() const {
    if (fault_) return tl::unexpected(*fault_);
    if (!open_) return failure(Errc::device_error, registers_.device().name() + ": the card is closed");
    return {};
  }

  RegisterAccess& registers() { return registers_; }
  [[nodiscard]] const CardInfo& info() const { return info_; }
  [[nodiscard]] const CardConfig& config() const { return config_; }
  [[nodiscard]] std::uint64_t failed_frames() const { return failed_frames_; }

 private:
  Result<void> start_rings();
  Result<void> quiesce();
  Result<void> stop_rings();
  Result<void> wait_for_status(const regs::Field& field, const char* otherwise);
  Result<void> write_control();
  Result<void> wait_for_completion(const char* what);
  Result<bool> exception_waits();
  Result<bool> event_waits();
  Result<bool> anything_waits();
  Result<bool> wait_for(const std::function<Result<bool>()>& arrived, nanoseconds timeout);
  /// Takes back all interrupts; whether one has come in between.
  Result<bool> acknowledge_interrupts();
  Result<nanoseconds> run_until(std::uint64_t due);

  /// Keeps an error of the rings: they cannot be trusted any more.
  template <class T>
  Result<T> keep_fault(Result<T> result) {
    if (!result && !fault_) fault_ = result.error();
    return result;
  }

  RegisterAccess registers_;
  CardOptions options_;
  CardInfo info_;
  CardConfig config_;
  ConfigWriter writer_;
  std::unique_ptr<StatusBlock> status_;
  std::unique_ptr<CommandQueue> queue_;
  std::unique_ptr<ExceptionRing> exceptions_;
  std::unique_ptr<EventRing> events_;  ///< none if the card cannot ask
  std::unique_ptr<FramePool> frames_;
  std::optional<Error> fault_;
  std::uint64_t failed_frames_ = 0;
  unsigned polls_ = 0;
  std::uint64_t looked_ = 0;  ///< at the clock before sleeping, ns
  unsigned still_ = 0;        ///< such looks that have found it where it was
  bool open_ = false;
};

Result<void> Card::Impl::open() {
  auto ready = validate(options_)
                   .and_then([&] { return identify(registers_); })
                   .and_then([&] { return registers_.device().reset(); })
                   .and_then([&] { return wait_ready(registers_, options_.ready_timeout); });
  if (!ready) return ready;
  auto info = read_info(registers_);
  if (!info) return tl::unexpected(info.error());
  info_ = *info;
  config_.enable = false;
  open_ = true;
  auto started = begin_life(registers_, info_, options_.start).and_then([&] { return start_rings(); });
  if (!started) (void)close();  // the first error is the one to report
  return started;
}

Result<void> Card::Impl::start_rings() {
  auto block = registers_.device().allocate_dma(regs::StatusBlock::kSize, regs::StatusBlock::kSize);
  if (!block) return tl::unexpected(block.error());
  status_ = std::make_unique<StatusBlock>(registers_.device(), std::move(*block));
  auto queue = CommandQueue::create(registers_, *status_, options_.command_entries);
  if (!queue) return tl::unexpected(queue.error());
  queue_ = std::move(*queue);
  auto exceptions = ExceptionRing::create(registers_, *status_, options_.exception_entries);
  if (!exceptions) return tl::unexpected(exceptions.error());
  exceptions_ = std::move(*exceptions);
  std::uint32_t rings = regs::ring_enable::kCommand.mask() | regs::ring_enable::kException.mask();
  if (info_.has_requester() && options_.event_entries != 0) {
    auto events = EventRing::create(registers_, *status_, options_.event_entries);
    if (!events) return tl::unexpected(events.error());
    events_ = std::move(*events);
    rings |= regs::ring_enable::kEvent.mask();
  }
  auto frames = FramePool::create(registers_.device(), options_.frame_buffers);
  if (!frames) return tl::unexpected(frames.error());
  frames_ = std::move(*frames);

  registers_.device().barrier();
  return registers_.write64(regs::offset::kStatusBlock, status_->iova())
      .and_then([&] {
        return registers_.write32(regs::offset::kInterruptEnable, event_descriptor() >= 0 ? kAllInterrupts : 0);
      })
      .and_then([&] { return registers_.write32(regs::offset::kRingEnable, rings); });
}

Result<void> Card::Impl::close() {
  if (!open_) return {};
  auto stopped = quiesce();
  open_ = false;
  // Even if the card did not come to rest: the reset ends whatever it was doing before the memory goes away.
  auto halted = stop_rings();
  auto reset = registers_.device().reset();
  frames_.reset();
  events_.reset();
  exceptions_.reset();
  queue_.reset();
  status_.reset();
  if (!stopped) return stopped;
  return halted ? reset : halted;
}

Result<void> Card::Impl::stop_rings() {
  if (auto off = registers_.write32(regs::offset::kRingEnable, 0); !off) return off;
  return wait_for_status(regs::status::kDmaIdle, "host memory access does not end");
}

Result<void> Card::Impl::wait_for_status(const regs::Field& field, const char* otherwise) {
  const auto reached = registers_.wait_until(
      [&]() -> Result<bool> {
        return registers_.read32(regs::offset::kStatus).map([&](std::uint32_t status) {
          return field.get(status) != 0;
        });
      },
      options_.command_timeout, true);
  if (!reached) return tl::unexpected(reached.error());
  if (*reached) return {};
  return failure(Errc::timeout, fmt::format("{}: {} within {} ns", registers_.device().name(), otherwise,
                                            options_.command_timeout.count()));
}

Result<void> Card::Impl::quiesce() {
  config_.enable = false;
  auto passing = write_control();
  if (!passing || fault_ || !queue_) return passing;
  if (auto drained = drain(); !drained) return drained;
  return wait_for_status(regs::status::kIdle, "the card does not come to rest");
}

Result<void> Card::Impl::write_control() {
  std::uint32_t control = regs::control::kEnable.put(0, config_.enable ? 1 : 0);
  control = regs::control::kAuthoritative.put(control, config_.authoritative ? 1 : 0);
  control = regs::control::kProber.put(control, config_.enable && config_.prober && info_.has_prober() ? 1 : 0);
  return registers_.write32(regs::offset::kControl, control);
}

Result<void> Card::Impl::configure(const CardConfig& config) {
  if (auto good = validate(config); !good) return good;
  if (auto passing = registers_.write32(regs::offset::kControl, 0); !passing) return passing;
  config_.enable = false;
  if (auto written = writer_.write(config, info_); !written) return written;
  config_ = config;
  return write_control();
}

Result<void> Card::Impl::set_enabled(bool enabled) {
  config_.enable = enabled;
  return write_control();
}

Result<Counters> Card::Impl::counters() {
  Counters result;
  const std::size_t known = std::min<std::size_t>(Counters::size(), info_.counters);
  for (std::size_t i = 0; i < known; ++i) {
    const auto counter = static_cast<Counter>(i);
    const auto value = registers_.read64(regs::offset::counter(counter));
    if (!value) return tl::unexpected(value.error());
    result[counter] = *value;
  }
  return result;
}

Result<bool> Card::Impl::idle() {
  const auto status = registers_.read32(regs::offset::kStatus);
  if (!status) return tl::unexpected(status.error());
  return regs::status::kIdle.get(*status) != 0;
}

Result<bool> Card::Impl::quiet() {
  const auto resting = idle();
  if (!resting || !*resting || queue_->in_flight() > 0) return resting.map([](bool) { return false; });
  // Looked at after IDLE: the card writes an exception before it becomes idle.
  return anything_waits().map([](bool waits) { return !waits; });
}

Result<void> Card::Impl::wait_for_completion(const char* what) {
  const auto arrived = registers_.wait_until(
      [&]() -> Result<bool> { return queue_->completed().map([](std::uint32_t count) { return count > 0; }); },
      options_.command_timeout);
  if (!arrived) return tl::unexpected(arrived.error());
  if (*arrived) return queue_->reap().map([](std::size_t) {});
  return failure(Errc::timeout,
                 fmt::format("{}: {}: no completion within {} ns, {} commands in flight", registers_.device().name(),
                             what, options_.command_timeout.count(), queue_->in_flight()));
}

Result<std::vector<Completion>> Card::Impl::execute(std::span<const Command> commands) {
  // Shared with the handlers: they outlive this call when the card fails in the middle.
  const auto completions = std::make_shared<std::vector<Completion>>();
  completions->reserve(commands.size());
  std::size_t pushed = 0;
  while (completions->size() < commands.size()) {
    while (pushed < commands.size() && !queue_->full()) {
      auto queued = queue_->push(commands[pushed], [completions](const Completion& c) { completions->push_back(c); });
      if (!queued) return tl::unexpected(queued.error());
      ++pushed;
    }
    auto done = keep_fault(queue_->kick().and_then([&] { return wait_for_completion("executing commands"); }));
    if (!done) return tl::unexpected(done.error());
  }
  return std::move(*completions);
}

Result<void> Card::Impl::submit(const Command& command, CompletionHandler done) {
  if (auto queued = queue_->push(command, std::move(done)); !queued) return queued;
  return keep_fault(queue_->kick());
}

Result<void> Card::Impl::send_frame(std::span<const std::uint8_t> frame) {
  if (frame.size() < wire::ethernet_bytes || frame.size() > regs::kMaxFrameBytes) {
    return failure(Errc::invalid_argument, fmt::format("frame of {} bytes: must be {}..{}", frame.size(),
                                                       wire::ethernet_bytes, regs::kMaxFrameBytes));
  }
  while (frames_->empty() || queue_->full()) {
    if (auto done = keep_fault(wait_for_completion("waiting for a frame buffer")); !done) return done;
  }
  const unsigned buffer = frames_->take();
  const std::uint16_t length = frames_->fill(buffer, frame);
  return submit(Command::frame(frames_->iova(buffer), length), [this, buffer](const Completion& completion) {
    if (completion.status != Status::ok) ++failed_frames_;
    frames_->give_back(buffer);
  });
}

Result<void> Card::Impl::drain() {
  while (queue_->in_flight() > 0) {
    if (auto done = keep_fault(wait_for_completion("waiting for all commands")); !done) return done;
  }
  return {};
}

Result<std::size_t> Card::Impl::poll(const ExceptionHandler& on_exception, const EventHandler* on_event) {
  // Stopped rings show nowhere else, but looking costs bus transactions.
  if (polls_++ % kPollsPerCheck == 0) {
    if (auto rings = keep_fault(registers_.check_rings()); !rings) return tl::unexpected(rings.error());
  }
  auto reaped = keep_fault(queue_->reap());
  if (!reaped) return reaped;
  const auto exceptions = keep_fault(exceptions_->take());
  if (!exceptions) return tl::unexpected(exceptions.error());
  for (const Exception& exception : *exceptions) {
    if (on_exception) on_exception(exception);
  }
  if (on_event == nullptr || !events_) return *reaped + exceptions->size();
  const auto events = keep_fault(events_->take());
  if (!events) return tl::unexpected(events.error());
  for (const Event& event : *events) {
    if (*on_event) (*on_event)(event);
  }
  return *reaped + exceptions->size() + events->size();
}

Result<bool> Card::Impl::exception_waits() {
  return exceptions_->waiting().map([](std::uint32_t count) { return count > 0; });
}

Result<bool> Card::Impl::event_waits() {
  if (!events_) return false;
  return events_->waiting().map([](std::uint32_t count) { return count > 0; });
}

Result<bool> Card::Impl::anything_waits() {
  auto exception = exception_waits();
  if (!exception || *exception) return exception;
  const auto completed = queue_->completed();
  if (!completed) return tl::unexpected(completed.error());
  return *completed > 0 ? Result<bool>(true) : event_waits();
}

Result<bool> Card::Impl::wait(std::chrono::nanoseconds timeout) {
  return wait_for([this] { return anything_waits(); }, timeout);
}

Result<bool> Card::Impl::wait_exception(std::chrono::nanoseconds timeout) {
  return wait_for([this] { return exception_waits(); }, timeout);
}

Result<bool> Card::Impl::wait_for(const std::function<Result<bool>()>& arrived, nanoseconds timeout) {
  if (event_descriptor() < 0) return keep_fault(registers_.wait_until(arrived, timeout));
  const auto start = registers_.read64(regs::offset::kTime);
  if (!start) return tl::unexpected(start.error());
  const std::uint64_t end = *start + static_cast<std::uint64_t>(timeout.count());
  for (;;) {
    auto raised = acknowledge_interrupts();
    if (!raised) return raised;
    if (auto now = keep_fault(arrived()); !now || *now) return now;
    const auto sleep = *raised ? Result<nanoseconds>(kLook) : run_until(end);
    if (!sleep) return tl::unexpected(sleep.error());
    if (*sleep == nanoseconds(0)) return false;
    pollfd event{event_descriptor(), POLLIN, 0};
    (void)::poll(&event, 1, poll_timeout(*sleep));  // a signal only makes it look earlier
  }
}

Result<bool> Card::Impl::acknowledge_interrupts() {
  // Acknowledged before looking: what arrives in between raises the interrupt again. Writes are posted: the last read
  // sees to it that the acknowledgement does not arrive after that, and take it back.
  const auto pending = registers_.read32(regs::offset::kInterruptStatus);
  if (!pending) return tl::unexpected(pending.error());
  auto cleared = registers_.write32(regs::offset::kInterruptStatus, *pending).and_then([&] {
    return registers_.device().clear_event();
  });
  if (!cleared) return tl::unexpected(cleared.error());
  if (regs::interrupt_status::kError.get(*pending) != 0) {
    if (auto rings = keep_fault(registers_.check_rings()); !rings) return tl::unexpected(rings.error());
  }
  return registers_.read32(regs::offset::kInterruptStatus).map([](std::uint32_t again) {
    return (again & kAllInterrupts) != 0;
  });
}

Result<nanoseconds> Card::Impl::run_until(std::uint64_t due) {
  const auto now = registers_.read64(regs::offset::kTime);
  if (!now) return tl::unexpected(now.error());
  still_ = *now == looked_ ? still_ + 1 : 0;
  looked_ = *now;
  if (still_ >= kClockPatience) {
    return failure(Errc::device_error, registers_.device().name() + ": the clock of the card stands still");
  }
  const nanoseconds left = left_until(due, *now);
  if (left == nanoseconds(0)) return left;
  Device& device = registers_.device();
  device.let_run(left);
  return device.keeps_real_time() ? left : nanoseconds::max();  // of another clock, let_run() tells the end
}

Result<nanoseconds> Card::Impl::prepare_sleep(std::optional<std::uint64_t> due) {
  if (event_descriptor() < 0) {
    auto relaxed = registers_.device().relax();
    if (!relaxed) return tl::unexpected(relaxed.error());
    // Without its host a simulated card stands still.
    return registers_.device().keeps_real_time() ? kLook : nanoseconds(0);
  }
  const auto raised = acknowledge_interrupts();
  if (!raised) return tl::unexpected(raised.error());
  const auto waits = keep_fault(anything_waits());
  if (!waits) return tl::unexpected(waits.error());
  return *raised || *waits ? nanoseconds(0) : run_until(due.value_or(kNever));
}

Result<CardInfo> read_card_info(Device& device) {
  RegisterAccess registers(device);
  return identify(registers).and_then([&] { return read_info(registers); });
}

Card::Card(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Card::~Card() { (void)impl_->close(); }

Result<std::unique_ptr<Card>> Card::open(Device& device, const CardOptions& options) {
  auto impl = std::make_unique<Impl>(device, options);
  if (auto opened = impl->open(); !opened) return tl::unexpected(opened.error());
  return std::unique_ptr<Card>(new Card(std::move(impl)));
}

Result<void> Card::close() { return impl_->close(); }

const CardInfo& Card::info() const { return impl_->info(); }

Device& Card::device() { return impl_->registers().device(); }

Result<void> Card::configure(const CardConfig& config) {
  return impl_->usable().and_then([&] { return impl_->configure(config); });
}

const CardConfig& Card::config() const { return impl_->config(); }

Result<void> Card::set_enabled(bool enabled) {
  return impl_->usable().and_then([&] { return impl_->set_enabled(enabled); });
}

Result<std::uint64_t> Card::time() {
  return impl_->usable().and_then([&] { return impl_->registers().read64(regs::offset::kTime); });
}

Result<void> Card::set_time(std::uint64_t nanoseconds) {
  return impl_->usable().and_then([&] { return impl_->registers().write64(regs::offset::kTime, nanoseconds); });
}

Result<Counters> Card::counters() {
  return impl_->usable().and_then([&] { return impl_->counters(); });
}

Result<bool> Card::idle() {
  return impl_->usable().and_then([&] { return impl_->idle(); });
}

Result<bool> Card::quiet() {
  return impl_->usable().and_then([&] { return impl_->quiet(); });
}

Result<std::vector<Completion>> Card::execute(std::span<const Command> commands) {
  return impl_->usable().and_then([&] { return impl_->execute(commands); });
}

Result<Completion> Card::execute(const Command& command) {
  const auto completions = execute(std::span(&command, 1));
  if (!completions) return tl::unexpected(completions.error());
  const Completion& completion = completions->front();
  if (completion.status != Status::ok) {
    return failure(Errc::device_error, fmt::format("{}: command {}: {}", device().name(), regs::name(command.opcode()),
                                                   regs::name(completion.status)));
  }
  return completion;
}

Result<void> Card::submit(const Command& command, CompletionHandler done) {
  return impl_->usable().and_then([&] { return impl_->submit(command, std::move(done)); });
}

Result<void> Card::send_frame(std::span<const std::uint8_t> frame) {
  return impl_->usable().and_then([&] { return impl_->send_frame(frame); });
}

std::uint64_t Card::failed_frames() const { return impl_->failed_frames(); }

Result<void> Card::drain() {
  return impl_->usable().and_then([&] { return impl_->drain(); });
}

Result<std::size_t> Card::poll(const ExceptionHandler& on_exception) {
  return impl_->usable().and_then([&] { return impl_->poll(on_exception, nullptr); });
}

Result<std::size_t> Card::poll(const ExceptionHandler& on_exception, const EventHandler& on_event) {
  return impl_->usable().and_then([&] { return impl_->poll(on_exception, &on_event); });
}

Result<bool> Card::wait(std::chrono::nanoseconds timeout) {
  return impl_->usable().and_then([&] { return impl_->wait(timeout); });
}

Result<bool> Card::wait_exception(std::chrono::nanoseconds timeout) {
  return impl_->usable().and_then([&] { return impl_->wait_exception(timeout); });
}

int Card::event_descriptor() const { return impl_->event_descriptor(); }

Result<std::chrono::nanoseconds> Card::prepare_sleep(std::optional<std::uint64_t> due) {
  return impl_->usable().and_then([&] { return impl_->prepare_sleep(due); });
}

}  // namespace sapulse
