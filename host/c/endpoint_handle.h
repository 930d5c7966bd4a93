// SPDX-License-Identifier: Apache-2.0
// What the handles of the C face point to.
#pragma once

#include "sapulse/sapulse.h"
#include "shared_endpoint.h"

struct sapulse_endpoint {
  sapulse::c::SharedEndpoint shared;
};
