// SPDX-License-Identifier: Apache-2.0
#include "traffic_capture.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "sapulse/capabilities.h"

namespace sapulse::capture {
namespace {

// How long a reader may take for nothing before it is given up at the end.
constexpr int kReaderPatienceMs = 500;

std::string reason() { return std::generic_category().message(errno); }

tl::unexpected<Error> file_error(const std::string& file, Errc code, const std::string& what) {
  return failure(code, fmt::format("{}: {}", file, what));
}

/// Signals are for the threads of others; writing to a pipe that nobody reads is an error like others.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

Result<std::unique_ptr<TrafficCapture>> TrafficCapture::open(CaptureOptions options) {
  const std::string& name = options.file;
  FileDescriptor file(::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, S_IRUSR | S_IWUSR));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) return file_error(name, Errc::io_error, reason());
  const bool is_regular = S_ISREG(status.st_mode);
  if (!is_regular && !S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode)) {
    return file_error(name, Errc::invalid_argument, "neither a regular file nor a FIFO");
  }
  const int prepared = is_regular ? ::ftruncate(file.get(), 0) : ::fcntl(file.get(), F_SETFL, O_NONBLOCK);
  if (prepared != 0) return file_error(name, Errc::io_error, reason());
  return std::unique_ptr<TrafficCapture>(new TrafficCapture(std::move(options), std::move(file), is_regular));
}

TrafficCapture::TrafficCapture(CaptureOptions options, FileDescriptor file, bool is_regular)
    : options_(std::move(options)), file_(std::move(file)), is_regular_(is_regular), lost_(options_.interfaces.size()) {
  append_section(waiting_, options_.comment, options_.interfaces);
  thread_ = std::thread([this] { run(); });
}

TrafficCapture::~TrafficCapture() { (void)close(); }

void TrafficCapture::take(std::uint32_t interface, const PassingFrame& frame) {
  std::unique_lock lock(mutex_);
  std::uint64_t& lost = lost_.at(interface);
  const PcapngFrame block{interface, frame.direction, frame.time_ns, lost, frame.bytes};
  const auto has_room = [&] { return over_ || waiting_.size() + block_bytes(block) <= options_.most_waiting; };
  if (options_.when_full == WhenFull::wait) changed_.wait(lock, has_room);
  if (over_ || stopping_) return;
  if (!has_room()) {
    ++lost;
    if (++left_out_ == 1 && options_.report)
      options_.report(fmt::format("{}: frames are left out: they are not written as fast as they come", options_.file));
    return;
  }
  append_frame(waiting_, block);
  lost = 0;
  changed_.notify_all();
}

std::uint64_t TrafficCapture::left_out() const {
  const std::scoped_lock lock(mutex_);
  return left_out_;
}

Result<void> TrafficCapture::close() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  return outcome_;
}

void TrafficCapture::run() {
  block_signals();
  (void)drop_network_capabilities();
  std::vector<std::byte> blocks;
  for (;;) {
    blocks.clear();
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      blocks.swap(waiting_);
    }
    changed_.notify_all();
    if (!write(blocks)) return;
  }
}

bool TrafficCapture::write(std::span<const std::byte> blocks) {
  std::size_t done = 0;
  while (done < blocks.size()) {
    if (!wait_writable()) return false;
    const ssize_t count = ::write(file_.get(), blocks.data() + done, blocks.size() - done);
    if (count >= 0) {
      done += static_cast<std::size_t>(count);
    } else if (errno != EAGAIN && errno != EINTR) {
      written_ += whole_blocks(blocks.first(done));
      end(reason());
      return false;
    }
  }
  written_ += done;
  return true;
}

bool TrafficCapture::wait_writable() {
  pollfd file{file_.get(), POLLOUT, 0};
  while (::poll(&file, 1, kReaderPatienceMs) == 0) {
    const std::scoped_lock lock(mutex_);
    if (stopping_ && options_.when_full == WhenFull::leave_out) break;
  }
  if (file.revents != 0) return true;
  end("its reader does not read");
  return false;
}

void TrafficCapture::end(const std::string& reason) {
  // What has been written only in part would be taken for damage.
  if (is_regular_) (void)!::ftruncate(file_.get(), static_cast<off_t>(written_));
  const std::string message = fmt::format("{}: {}: the capture has ended", options_.file, reason);
  {
    const std::scoped_lock lock(mutex_);
    over_ = true;
    outcome_ = failure(Errc::io_error, message);
    waiting_ = {};
  }
  changed_.notify_all();
  if (options_.report) options_.report(message);
}

}  // namespace sapulse::capture
