// SPDX-License-Identifier: Apache-2.0
// Requests to a service by somebody who waits for the answer.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "service.h"

namespace sapulse::test {

/// Lines of the answer to a request; those of one that does not end are what has come. `turn_until`: lets the service
/// go on until a condition holds; false if it does not.
template <class TurnUntil>
std::vector<service::Json> ask(service::Service& service, const service::Json& request, TurnUntil turn_until) {
  std::vector<service::Json> lines;
  bool done = false;
  service.handle(0, request, [&](const service::Json& line, bool last) {
    lines.push_back(line);
    done = last;
  });
  EXPECT_TRUE(turn_until([&] { return done; })) << request;
  service.forget(0);
  return lines;
}

}  // namespace sapulse::test
