// SPDX-License-Identifier: Apache-2.0
// Only for hlsc --types: the payloads as debug information.
#include "sapulse_payloads.h"
