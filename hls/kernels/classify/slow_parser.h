// SPDX-License-Identifier: Apache-2.0
// What classify should find, by plain sequential code on bytes: for tests only.
#pragma once

#include <string>

#include "tests/kernel_test.h"

namespace sapulse::test {

/// Expected record of a frame. Members that classify leaves open are those of a default record.
record_t parse_slowly(const bytes& frame);

/// What classify says in a record, for comparison: of a frame without an SPI, its kind only.
std::string text_of(const record_t& record);

}  // namespace sapulse::test
