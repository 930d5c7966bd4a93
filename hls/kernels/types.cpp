// SPDX-License-Identifier: Apache-2.0
// Only for hlsc --types: the types of types.h as debug information.
#include "sapulse_payloads.h"
