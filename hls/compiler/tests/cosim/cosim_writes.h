// SPDX-License-Identifier: Apache-2.0
// What a native kernel writes through references and pointers, call by call. The object lies in pages of its own that
// cannot be written to: a write faults, is noted and let through. Linux; one thread.
#pragma once

#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <new>
#include <vector>

namespace cosim {

/// Pages whose writes are noted.
class WatchedPages {
 public:
  explicit WatchedPages(std::size_t bytes) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    bytes_ = (bytes + page - 1) / page * page;
    address_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address_ == MAP_FAILED) std::abort();
    all()[address_] = this;
    handle(SIGSEGV, on_fault);
    handle(SIGTRAP, on_step);
  }
  ~WatchedPages() {
    all().erase(address_);
    munmap(address_, bytes_);
  }
  WatchedPages(const WatchedPages&) = delete;
  WatchedPages& operator=(const WatchedPages&) = delete;

  void* address() const { return address_; }
  static WatchedPages* of(const void* address) {
    const auto it = all().find(const_cast<void*>(address));
    return it == all().end() ? nullptr : it->second;
  }

  /// A call of the function that writes begins.
  /// @param every each write is noted, not only whether there was one
  void begin(bool every) {
    before_call();
    every_ = every;
    is_written_ = false;
    protect(PROT_READ);
  }
  void end() {
    protect(PROT_READ | PROT_WRITE);
    if (is_written_) after_call(every_);
  }

  std::function<void()> before_call = [] {};
  std::function<void()> after_write;
  std::function<void(bool every)> after_call;

 private:
  static std::map<void*, WatchedPages*>& all() {
    static std::map<void*, WatchedPages*> pages;
    return pages;
  }
  static WatchedPages*& stepping() {
    static WatchedPages* pages = nullptr;
    return pages;
  }

  static void handle(int signal, void (*handler)(int, siginfo_t*, void*)) {
    struct sigaction action{};
    action.sa_flags = SA_SIGINFO;
    action.sa_sigaction = handler;
    sigaction(signal, &action, nullptr);
  }

  void protect(int rights) const { mprotect(address_, bytes_, rights); }

  /// The write itself comes next, when the handler returns. It is an instruction of the kernel or of a copy, so nothing
  /// that the handlers call is interrupted.
  static void on_fault(int, siginfo_t* info, void* context) {
    const auto at = reinterpret_cast<std::uintptr_t>(info->si_addr);
    for (const auto& [address, pages] : all()) {
      const auto first = reinterpret_cast<std::uintptr_t>(address);
      if (at < first || at >= first + pages->bytes_) continue;
      pages->is_written_ = true;
      pages->protect(PROT_READ | PROT_WRITE);
      if (pages->every_) pages->step(context);
      return;
    }
    std::signal(SIGSEGV, SIG_DFL);  // a fault of the kernel's own
  }

#ifdef __x86_64__
  static constexpr greg_t kTrap = 0x100;  ///< of the flags: after one instruction

  void step(void* context) {
    static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_EFL] |= kTrap;
    stepping() = this;
  }
  static void on_step(int, siginfo_t*, void* context) {
    static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_EFL] &= ~kTrap;
    stepping()->protect(PROT_READ);
    stepping()->after_write();
  }
#else
  /// Elsewhere the last write of a call is seen alone.
  void step(void*) { stepping() = this; }
  static void on_step(int, siginfo_t*, void*) {}
#endif

  void* address_ = nullptr;
  std::size_t bytes_ = 0;
  bool every_ = false, is_written_ = false;
};

/// The values that an object had after writes.
template <class T>
class WatchedObject {
 public:
  WatchedObject() : pages_(sizeof(T)), object_(new(pages_.address()) T{}) {
    pages_.after_write = [this] { add(false); };
    pages_.after_call = [this](bool every) {
#ifndef __x86_64__
      every = false;
#endif
      if (!every) return add(true);
      is_last.back() = true;
    };
  }

  T& object() const { return *object_; }
  /// Each call finds in it what it holds now.
  void restore() {
    pages_.before_call = [this, given = *object_] { *object_ = given; };
  }

  std::vector<T> values;
  std::vector<bool> is_last;  ///< of their call

 private:
  void add(bool last) {
    values.push_back(*object_);
    is_last.push_back(last);
  }

  WatchedPages pages_;
  T* object_;
};

/// A call of a process that writes objects, each given as such or by a pointer.
class WatchedCall {
 public:
  template <class... Objects>
  explicit WatchedCall(bool every, Objects&... objects) {
    for (const void* address : {address_of(objects)...}) {
      if (WatchedPages* pages = WatchedPages::of(address)) pages_.push_back(pages);
    }
    for (WatchedPages* p : pages_) p->begin(every);
  }
  ~WatchedCall() {
    for (WatchedPages* p : pages_) p->end();
  }
  WatchedCall(const WatchedCall&) = delete;
  WatchedCall& operator=(const WatchedCall&) = delete;

 private:
  template <class T>
  static const void* address_of(T& object) {
    return &object;
  }
  template <class T>
  static const void* address_of(T*& object) {
    return object;
  }

  std::vector<WatchedPages*> pages_;
};

/// At the start of a call.
#define COSIM_CALL(every, ...) const cosim::WatchedCall call_(every, __VA_ARGS__)

}  // namespace cosim
