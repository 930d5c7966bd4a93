// SPDX-License-Identifier: Apache-2.0
// A network of processes, as its function describes it: streams, and calls of functions that take them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace sapulse::hlsc {

/// A stream, or an array of streams.
struct StreamVariable {
  std::string name;
  SourceLocation location;
  std::string cxx_type;  ///< of an element: "hls::stream<ap_uint<8>, 4>"
  bool is_port = false;
  bool is_array = false;
  unsigned count = 0;                  ///< elements; 0: an array parameter, whose size C++ does not keep
  std::optional<unsigned> depth;       ///< as stated in the source
  std::optional<unsigned> type_depth;  ///< N of hls::stream<T, N>, if that is its type
  unsigned position = 0;               ///< of a port: among the parameters

  std::string element(unsigned i) const { return is_array ? name + "_" + std::to_string(i) : name; }
};

/// A parameter of a process and what it is given.
struct Connection {
  enum class Kind { stream, scalar, output, memory };
  /// A scalar of an argument that is passed by value.
  struct Scalar {
    std::string port;  ///< of the process
    APInt constant;
    int argument = -1;  ///< of the network, instead of the constant
  };

  Kind kind = Kind::stream;
  std::string parameter;
  unsigned position = 0;           ///< among the parameters of the process
  int variable = -1;               ///< stream: of Network::streams
  unsigned first = 0;              ///< stream: element that the parameter, or its first element, stands for
  bool takes_array = false;        ///< stream: the parameter is an array
  std::vector<Scalar> scalars;     ///< scalar: by leaf of its type
  std::string cxx_type;            ///< scalar
  std::string outer;               ///< output, memory, and scalar that is passed on as it is: the network's parameter
  unsigned outer_position = 0;     ///< memory: of that, among the parameters
  std::vector<std::string> paths;  ///< output: "" or "_member" for each scalar of its type
};

struct Process {
  std::string function;     ///< in the bitcode
  std::string name;         ///< "classify", without name spaces and template arguments
  std::string cxx_name;     ///< "space::classify<3>"
  SourceLocation location;  ///< of the call
  bool is_called = false;   ///< once for each start of the network; otherwise it runs for ever
  std::vector<Connection> connections;
};

/// A parameter of a network or of a kernel.
struct OuterParameter {
  enum class Kind { stream, value, output, memory };  ///< output: written through a reference or a pointer

  std::string name;
  Kind kind = Kind::stream;
  unsigned position = 0;
  std::string cxx_type;     ///< "hls::stream<ap_uint<8>, 4>", or the type of the value or of what is written
  bool is_array = false;    ///< of streams
  bool is_pointer = false;  ///< output
  unsigned depth = 0;       ///< memory: elements, as stated in the source
  unsigned first_argument = 0, arguments = 0;  ///< value: its scalars
};

struct Network {
  std::string name;
  SourceLocation location;
  std::vector<OuterParameter> parameters;
  std::vector<StreamVariable> streams;
  std::vector<ScalarPort> arguments;
  std::vector<Process> processes;
  std::vector<std::string> notes;
};

}  // namespace sapulse::hlsc
