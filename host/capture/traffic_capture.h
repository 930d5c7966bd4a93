// SPDX-License-Identifier: Apache-2.0
// Writes what passes a card's ports into a file, while it passes.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "pcapng.h"
#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"

namespace sapulse::capture {

/// What is done with a frame that there is no room for, because the file takes them too slowly.
enum class WhenFull : std::uint8_t {
  leave_out,  ///< the next one tells how many are missing
  wait        ///< for a card whose time does not go on meanwhile
};

struct CaptureOptions {
  std::string file;
  std::string comment;  ///< of the file
  std::vector<PcapngInterface> interfaces;
  WhenFull when_full = WhenFull::leave_out;
  std::size_t most_waiting = std::size_t{16} << 20;  ///< bytes that wait for being written
  /// Told in a line that frames are missing, or that the capture has ended before its time; by any thread.
  std::function<void(const std::string&)> report{};
};

/// A pcapng file that grows. A thread writes whole blocks, as soon as it can. Thread-safe.
class TrafficCapture {
 public:
  /// Empties a regular file, or makes one that only its owner may read. Into a FIFO or a character device it is
  /// written; it waits for somebody who reads a FIFO. Errors: io_error, invalid_argument (neither of them).
  [[nodiscard]] static Result<std::unique_ptr<TrafficCapture>> open(CaptureOptions options);
  /// As close(), if that has not been called.
  ~TrafficCapture();
  TrafficCapture(const TrafficCapture&) = delete;
  TrafficCapture& operator=(const TrafficCapture&) = delete;

  /// Takes a frame of an interface of the options. Never waits for the file with WhenFull::leave_out.
  void take(std::uint32_t interface, const PassingFrame& frame);
  /// Frames that there was no room for.
  [[nodiscard]] std::uint64_t left_out() const;
  /// Writes what is waiting; gives up on a reader who does not read if frames may be left out. Frames that come later
  /// are ignored. Errors: that which has ended the capture, and which has been reported.
  Result<void> close();

 private:
  TrafficCapture(CaptureOptions options, FileDescriptor file, bool is_regular);
  void run();
  /// False: the capture is over.
  bool write(std::span<const std::byte> blocks);
  bool wait_writable();
  void end(const std::string& reason);

  CaptureOptions options_;
  FileDescriptor file_;
  bool is_regular_;
  std::size_t written_ = 0;  ///< bytes, of whole blocks

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::byte> waiting_;
  std::vector<std::uint64_t> lost_;  ///< by interface, since the last frame that was taken
  std::uint64_t left_out_ = 0;
  bool stopping_ = false;
  bool over_ = false;
  Result<void> outcome_;
  std::thread thread_;
};

}  // namespace sapulse::capture
