// SPDX-License-Identifier: Apache-2.0
// A graph as C++ for clang: statements over unsigned _BitInt, with the helpers of hls_view.h.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// The values that some sinks of a graph need; operands come before their users in it. Value i is `value_<i>`.
class Software {
 public:
  /// @param name of the unit, in front of the names of its tables
  Software(const Graph& g, std::string name) : g_(g), name_(std::move(name)) {}

  /// Statements that make what these sinks take.
  std::string statements(const std::vector<NodeId>& sinks) const;
  /// Constant arrays for all tables of the graph.
  std::string tables() const;

 private:
  std::string expression(NodeId i) const;
  std::string source(NodeId i) const;
  std::string concatenation(const Node& n) const;
  std::string joined(const Node& n, const char* separator) const;
  std::string table_name(int table) const { return name_ + "_" + g_.tables[table].name; }

  const Graph& g_;
  std::string name_;
};

/// "value_12".
std::string value_name(NodeId i);
/// "bits<8>".
std::string bits_type(unsigned width);
/// A constant of that type.
std::string bits_literal(const APInt& v);
/// A module function as a function.
std::string software_function(const Graph& g, const std::string& name);

}  // namespace sapulse::hlsc
