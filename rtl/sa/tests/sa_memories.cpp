// SPDX-License-Identifier: Apache-2.0
#include "sa_memories.h"

#include "Vsa_tables_bench___024root.h"

namespace sapulse::test {
namespace {

using regs::SaTable;

template <class Word, std::size_t Entries>
TableMemory make_way(std::string_view name, unsigned way, VlUnpacked<Word, Entries>& memory) {
  TableMemory result = table_memory(name, SaTable::index, 40, memory);
  result.number_scale = 4;
  result.number_offset = way;
  return result;
}

}  // namespace

// Widths for SA_CAPACITY = 64; numbers of SAs take part in the index alone.
std::vector<TableMemory> sa_memories(Vsa_tables_bench& dut) {
  auto& root = *dut.rootp;
#define SAPULSE_MEMORY(path) root.sa_tables_bench__DOT__u_tables__DOT__##path##__DOT__memory
#define SAPULSE_WAY(way) SAPULSE_MEMORY(u_index__DOT__g_way__BRA__##way##__KET____DOT__u_slots)
  return {
      make_way("index, bank 0, slot 0", 0, SAPULSE_WAY(0)),
      make_way("index, bank 0, slot 1", 1, SAPULSE_WAY(1)),
      make_way("index, bank 1, slot 0", 2, SAPULSE_WAY(2)),
      make_way("index, bank 1, slot 1", 3, SAPULSE_WAY(3)),
      table_memory("inbound keys", SaTable::in_key, 802, SAPULSE_MEMORY(u_context__DOT__u_in_keys)),
      table_memory("tokens", SaTable::token, 194, SAPULSE_MEMORY(u_context__DOT__u_tokens)),
      table_memory("outbound keys", SaTable::out_key, 834, SAPULSE_MEMORY(u_context__DOT__u_out_halves)),
      table_memory("replay windows", SaTable::window, 290, SAPULSE_MEMORY(u_window__DOT__u_windows)),
      table_memory("sequence numbers", SaTable::sequence, 66, SAPULSE_MEMORY(u_sequence__DOT__u_numbers)),
      table_memory("paths", SaTable::path, 557, SAPULSE_MEMORY(u_paths__DOT__u_paths)),
      table_memory("places of peers", SaTable::peer, 34, SAPULSE_MEMORY(u_tags__DOT__u_tags)),
      table_memory("administrative states", SaTable::admin, 2, SAPULSE_MEMORY(u_admin__DOT__u_states)),
      table_memory("customer numbers", SaTable::customer, 34, SAPULSE_MEMORY(u_customer__DOT__u_numbers)),
      table_memory("customer numbers, copy", SaTable::customer, 34, SAPULSE_MEMORY(u_customer__DOT__u_read_copy)),
  };
#undef SAPULSE_WAY
#undef SAPULSE_MEMORY
}

}  // namespace sapulse::test
