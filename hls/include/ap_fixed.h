// SPDX-License-Identifier: Apache-2.0
// The names of the vendor's fixed point numbers, so that sources compile that mention them and use integers. There are
// no such numbers here: one that is used is an undefined template to clang.
#pragma once

#include "ap_int.h"
