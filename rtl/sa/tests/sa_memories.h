// SPDX-License-Identifier: Apache-2.0
// The memories of the tables in the Verilated sa_tables.
#pragma once

#include <vector>

#include "Vsa_tables_bench.h"
#include "table_memory.h"

namespace sapulse::test {

std::vector<TableMemory> sa_memories(Vsa_tables_bench& dut);

}  // namespace sapulse::test
