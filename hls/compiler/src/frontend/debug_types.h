// SPDX-License-Identifier: Apache-2.0
// C++ types as the debug information describes them: widths of ap_uint<W>, members, offsets, names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diagnostics.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/GlobalVariable.h"

namespace sapulse::hlsc {

/// A scalar inside of a type.
struct Leaf {
  std::string path;      ///< member names joined with '_'; empty for a scalar type
  std::uint64_t offset;  ///< bytes from the start of the object
  unsigned width;        ///< bits on a wire
  unsigned storage;      ///< bits in memory
};

/// Without typedefs, const, references.
const llvm::DIType* stripped(const llvm::DIType* type);
/// Width of ap_uint, ap_int, bool, C integers and enums; 0 for everything else.
unsigned scalar_width(const llvm::DIType* type);
/// Members that are stored in objects, in order; for structs only.
std::vector<const llvm::DIDerivedType*> members_of(const llvm::DIType* type);
/// All scalars of a type, elements of arrays one by one. Refuses pointers, unions, bit fields, floating point, naming
/// the type.
std::vector<Leaf> leaves_of(const llvm::DIType* type, const SourceLocation& where);
/// "_member_3_x" for the scalar at a bit offset, for names of registers.
std::string member_suffix(const llvm::DIType* type, std::uint64_t bit);
/// The C++ name of a variable.
std::string name_of(const llvm::GlobalVariable& g);
/// The C++ name of the scalar at a byte offset of a variable: "variable_member".
std::string part_name_of(const llvm::GlobalVariable& g, std::uint64_t offset);
SourceLocation location_of(const llvm::GlobalVariable& g);
/// T if a type is (a reference to) hls::stream<T>, or an array of those; otherwise null.
const llvm::DIType* stream_payload(const llvm::DIType* type);
/// Whether a type is an array of streams, or a pointer to one or several.
bool is_stream_array(const llvm::DIType* type);
/// Elements of an array of streams; 0 where C++ does not keep them, as for parameters `s[N]`.
unsigned stream_count(const llvm::DIType* type);
/// N of hls::stream<T, N>.
std::optional<unsigned> stream_depth(const llvm::DIType* stream);
/// "hls::stream<ap_uint<8>, 4>" of a stream, or of the elements of an array of streams.
std::string stream_name(const llvm::DIType* type);
/// "space::name<3>" of a type or a function.
std::string cxx_name(const llvm::DIScope* scope);
/// Whether a payload is hls::axis, whose members are channels of AXI4-Stream.
bool has_side_channels(const llvm::DIType* payload);
/// Whether a file is one of the headers that kernels include, whose variables mean nothing to the kernel's author.
bool is_hls_header(llvm::StringRef file);
/// A name that is an identifier.
std::string identifier(llvm::StringRef name);
/// "open" for "sapulse::open(...)", mangled.
std::string function_base_name(llvm::StringRef mangled);

}  // namespace sapulse::hlsc
