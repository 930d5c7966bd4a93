// SPDX-License-Identifier: Apache-2.0
// Interrupts of an opened device as event files, whatever the bus makes of them.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"
#include "sapulse/vfio_device.h"

namespace sapulse {

class Interrupts {
 public:
  /// `device`: VFIO device file, which must stay open. `count`: interrupts that the card has. Errors: io_error (the
  /// kernel or the card does not offer the mode).
  static Result<Interrupts> enable(int device, const std::string& name, InterruptMode mode, unsigned count);

  Interrupts(Interrupts&&) noexcept = default;
  Interrupts& operator=(Interrupts&&) = delete;
  /// The kernel sends no events any more.
  ~Interrupts();

  /// Never automatic.
  [[nodiscard]] InterruptMode mode() const { return mode_; }

  /// To be called before looking at the card: what it raises from now on ends the next sleep().
  void arm(unsigned interrupt);
  /// Readable from the first interrupt or notice after arm_all() on; -1: there are no interrupts.
  [[nodiscard]] int descriptor() const { return all_.get(); }
  /// Same as arm() for all of them, and for descriptor().
  void arm_all();
  /// Until the interrupt may have been raised, or a notice of the kernel has come, or the time is over. Polling:
  /// yields.
  void sleep(unsigned interrupt, std::chrono::milliseconds timeout);

  /// The kernel has reported an error of the device, or wants it back: a message; empty otherwise. Stays.
  [[nodiscard]] const std::string& notice();

 private:
  Interrupts(int device, InterruptMode mode) : device_(device), mode_(mode) {}
  Result<void> enable_vectors(const std::string& name, unsigned count);
  void enable_notices();
  Result<void> gather(const std::string& name);
  void unmask_line();
  [[nodiscard]] int event_for(unsigned interrupt) const;

  int device_;
  InterruptMode mode_;
  std::vector<FileDescriptor> events_;
  FileDescriptor failed_;     // error of the device
  FileDescriptor requested_;  // the kernel wants it back
  FileDescriptor all_;        // an epoll file of all of these
  std::string notice_;
};

}  // namespace sapulse
