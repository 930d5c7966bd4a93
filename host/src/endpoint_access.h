// SPDX-License-Identifier: Apache-2.0
// Opening an endpoint with a store of one's own.
#pragma once

#include <memory>

#include "sapulse/endpoint.h"

namespace sapulse {

/// Tests open one with a store whose disk they hold.
class EndpointAccess {
 public:
  /// As Endpoint::open(). `store`: in place of EndpointOptions::state; nullptr: nothing survives.
  static Result<std::unique_ptr<Endpoint>> open(Device& device, const Config& config, const EndpointOptions& options,
                                                std::unique_ptr<SaStore> store);
};

}  // namespace sapulse
