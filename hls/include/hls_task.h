// SPDX-License-Identifier: Apache-2.0
// hls::task with the names of Vitis HLS: a process that runs for ever beside the others.
//
//   void top(hls::stream<word>& in, hls::stream<word>& out) {
//     hls_thread_local hls::stream<word> between("between");
//     hls_thread_local hls::task a(parse, in, between), b(build, between, out);
//   }
//
// Under hlsc a task is a process of the network that its function describes. Natively it is made where top() is called
// for the first time, lives as long as its thread, and runs while that thread waits for a stream: see
// hls::simulation::tasks(). Streams that it is given must live as long.
#pragma once

#include "hls_stream.h"

#ifdef HLSC

// NOLINTNEXTLINE(readability-identifier-naming): the vendor's name
#define hls_thread_local

namespace hls {

class task {
 public:
  template <class Process, class... Streams>
  __attribute__((always_inline)) explicit task(Process& process, Streams&... streams) {
    process(streams...);
  }
};

}  // namespace hls

#else

// NOLINTNEXTLINE(readability-identifier-naming): the vendor's name
#define hls_thread_local static thread_local

namespace hls {

class task {
 public:
  template <class Process, class... Streams>
  explicit task(Process& process, Streams&... streams) {
    simulation::tasks().add("task", [&process, &streams...] { process(streams...); });
  }
};

}  // namespace hls

#endif
