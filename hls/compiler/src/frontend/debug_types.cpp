// SPDX-License-Identifier: Apache-2.0
#include "frontend/debug_types.h"

#include <cctype>

#include "fmt/format.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/Constants.h"
#include "llvm/Support/Path.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

bool is_ap_int(const DIType* t) { return t->getName().starts_with("ap_uint<") || t->getName().starts_with("ap_int<"); }

unsigned ap_width(const DICompositeType* c) {
  for (const auto* p : c->getTemplateParams()) {
    const auto* v = dyn_cast<DITemplateValueParameter>(p);
    const auto* k = v ? dyn_cast_or_null<ConstantAsMetadata>(v->getValue()) : nullptr;
    if (k) return static_cast<unsigned>(cast<ConstantInt>(k->getValue())->getZExtValue());
  }
  // a type that is only declared: the width is in its name, "ap_uint<8>"
  unsigned width = 0;
  c->getName().split('<').second.consumeInteger(10, width);
  return width;
}

std::uint64_t element_count(const DICompositeType* array) {
  std::uint64_t n = 1;
  for (const auto* dimension : array->getElements()) {
    const auto* range = dyn_cast<DISubrange>(dimension);
    const auto* count = range ? dyn_cast_if_present<ConstantInt*>(range->getCount()) : nullptr;
    n *= count ? count->getZExtValue() : 0;
  }
  return n;
}

[[noreturn]] void refuse_type(const DIType* t, const std::string& path, const SourceLocation& where) {
  const std::string name = t && !t->getName().empty() ? t->getName().str() : path;
  fail(where,
       "type '" + name + "' is not supported here (ap_uint, ap_int, C integers, enums, arrays and structs of those)");
}

/// A member, base class or element.
struct Part {
  std::string name;      ///< empty for a base class
  std::uint64_t offset;  ///< bytes from the start of what it belongs to
  const DIType* type;
};

/// What a struct, class or array consists of, in order; refuses all other types.
/// @param path of the type, for messages
std::vector<Part> parts_of(const DIType* type, const std::string& path, const SourceLocation& where) {
  const DIType* t = stripped(type);
  const auto* c = dyn_cast_or_null<DICompositeType>(t);
  std::vector<Part> r;
  if (c && c->getTag() == dwarf::DW_TAG_array_type) {
    const std::uint64_t bytes = stripped(c->getBaseType())->getSizeInBits() / 8;
    for (std::uint64_t i = 0; i < element_count(c); i++) r.push_back({std::to_string(i), i * bytes, c->getBaseType()});
  } else if (c && (c->getTag() == dwarf::DW_TAG_structure_type || c->getTag() == dwarf::DW_TAG_class_type)) {
    for (const DIDerivedType* m : members_of(t)) {
      const std::string name = m->getTag() == dwarf::DW_TAG_inheritance ? "" : m->getName().str();
      if (m->isBitField()) fail(where, "bit fields are not supported here: '" + name + "'; use ap_uint");
      r.push_back({name, m->getOffsetInBits() / 8, m->getBaseType()});
    }
  } else {
    refuse_type(t, path, where);
  }
  return r;
}

void collect(const DIType* type, const std::string& path, std::uint64_t offset, const SourceLocation& where,
             std::vector<Leaf>& out) {
  if (unsigned w = scalar_width(type)) {
    out.push_back({path, offset, w, static_cast<unsigned>(stripped(type)->getSizeInBits())});
    return;
  }
  for (const Part& p : parts_of(type, path, where)) {
    const char* separator = path.empty() || p.name.empty() ? "" : "_";
    collect(p.type, fmt::format("{}{}{}", path, separator, p.name), offset + p.offset, where, out);
  }
}

DIGlobalVariable* variable_of(const GlobalVariable& g) {
  SmallVector<DIGlobalVariableExpression*, 1> info;
  g.getDebugInfo(info);
  return info.empty() ? nullptr : info[0]->getVariable();
}

/// hls::stream<T> of a stream, or of an array of streams, which parameters have as a pointer.
const DICompositeType* stream_type(const DIType* type) {
  const DIType* t = stripped(type);
  if (const auto* pointer = dyn_cast_or_null<DIDerivedType>(t)) t = stripped(pointer->getBaseType());
  auto* c = dyn_cast_or_null<DICompositeType>(t);
  while (c && c->getTag() == dwarf::DW_TAG_array_type)
    c = dyn_cast_or_null<DICompositeType>(stripped(c->getBaseType()));
  return c && c->getName().starts_with("stream<") ? c : nullptr;
}

}  // namespace

const DIType* stripped(const DIType* type) {
  while (const auto* d = dyn_cast_or_null<DIDerivedType>(type)) {
    if (d->getTag() == dwarf::DW_TAG_member || d->getTag() == dwarf::DW_TAG_pointer_type) break;
    type = d->getBaseType();
  }
  return type;
}

unsigned scalar_width(const DIType* type) {
  const DIType* t = stripped(type);
  if (const auto* b = dyn_cast_or_null<DIBasicType>(t)) {
    if (b->getEncoding() == dwarf::DW_ATE_boolean) return 1;
    return b->getEncoding() == dwarf::DW_ATE_float ? 0 : static_cast<unsigned>(b->getSizeInBits());
  }
  const auto* c = dyn_cast_or_null<DICompositeType>(t);
  if (!c) return 0;
  if (c->getTag() == dwarf::DW_TAG_enumeration_type) return static_cast<unsigned>(c->getSizeInBits());
  return is_ap_int(c) ? ap_width(c) : 0;
}

std::vector<const DIDerivedType*> members_of(const DIType* type) {
  std::vector<const DIDerivedType*> r;
  const auto* c = dyn_cast_or_null<DICompositeType>(stripped(type));
  if (!c) return r;
  for (const auto* e : c->getElements()) {
    const auto* m = dyn_cast<DIDerivedType>(e);
    if (!m || m->isStaticMember()) continue;
    if (m->getTag() == dwarf::DW_TAG_member || m->getTag() == dwarf::DW_TAG_inheritance) r.push_back(m);
  }
  return r;
}

std::vector<Leaf> leaves_of(const DIType* type, const SourceLocation& where) {
  std::vector<Leaf> r;
  collect(type, "", 0, where, r);
  if (r.empty()) fail(where, "type without members");
  return r;
}

std::string member_suffix(const DIType* type, std::uint64_t bit) {
  const DIType* t = stripped(type);
  const auto* c = dyn_cast_or_null<DICompositeType>(t);
  if (!c || scalar_width(t)) return "";
  if (c->getTag() == dwarf::DW_TAG_array_type) {
    const DIType* element = c->getBaseType();
    const std::uint64_t size = stripped(element)->getSizeInBits();
    return "_" + std::to_string(bit / size) + member_suffix(element, bit % size);
  }
  for (const DIDerivedType* m : members_of(t)) {
    if (bit < m->getOffsetInBits() || bit >= m->getOffsetInBits() + m->getSizeInBits()) continue;
    const std::string own = m->getTag() == dwarf::DW_TAG_inheritance ? "" : "_" + m->getName().str();
    return own + member_suffix(m->getBaseType(), bit - m->getOffsetInBits());
  }
  return "";
}

std::string name_of(const GlobalVariable& g) {
  const DIGlobalVariable* v = variable_of(g);
  const std::string base = function_base_name(g.getName());
  return identifier(v ? v->getName() : StringRef(base));
}

std::string part_name_of(const GlobalVariable& g, std::uint64_t offset) {
  const DIGlobalVariable* v = variable_of(g);
  return name_of(g) + (v ? member_suffix(v->getType(), offset * 8) : offset ? "_" + std::to_string(offset) : "");
}

SourceLocation location_of(const GlobalVariable& g) {
  const DIGlobalVariable* v = variable_of(g);
  return v ? SourceLocation{v->getFilename().str(), v->getLine(), 1} : SourceLocation{};
}

bool is_stream_array(const DIType* type) { return stream_type(type) && stream_type(type) != stripped(type); }

unsigned stream_count(const DIType* type) {
  const auto* c = dyn_cast_or_null<DICompositeType>(stripped(type));
  return c && c->getTag() == dwarf::DW_TAG_array_type ? static_cast<unsigned>(element_count(c)) : 0;
}

std::optional<unsigned> stream_depth(const DIType* type) {
  const DICompositeType* c = stream_type(type);
  for (const auto* p : c->getTemplateParams()) {
    const auto* v = dyn_cast<DITemplateValueParameter>(p);
    const auto* k = v ? dyn_cast_or_null<ConstantAsMetadata>(v->getValue()) : nullptr;
    const std::uint64_t depth = k ? cast<ConstantInt>(k->getValue())->getZExtValue() : 0;
    if (depth) return static_cast<unsigned>(depth);
  }
  return std::nullopt;
}

std::string stream_name(const DIType* type) {
  const std::optional<unsigned> depth = stream_depth(type);
  return "hls::stream<" + cxx_name(stream_payload(type)) + (depth ? ", " + std::to_string(*depth) : "") + ">";
}

std::string cxx_name(const DIScope* scope) {
  const auto* type = dyn_cast<DIType>(scope);
  if (type) scope = stripped(type);
  const DIScope* outer = scope->getScope();
  const bool is_named = outer && (isa<DINamespace>(outer) || isa<DIType>(outer)) && !outer->getName().empty();
  return (is_named ? cxx_name(outer) + "::" : "") + scope->getName().str();
}

const DIType* stream_payload(const DIType* type) {
  const DICompositeType* c = stream_type(type);
  if (!c) return nullptr;
  for (const auto* p : c->getTemplateParams()) {
    if (const auto* t = dyn_cast<DITemplateTypeParameter>(p)) return t->getType();
  }
  return nullptr;
}

bool has_side_channels(const DIType* payload) {
  const DIType* t = stripped(payload);
  const DIScope* scope = t ? t->getScope() : nullptr;
  return scope && scope->getName() == "hls" && t->getName().starts_with("axis<");
}

bool is_hls_header(StringRef file) {
  const StringRef name = sys::path::filename(file);
  return name == "ap_int.h" || name.starts_with("ap_int_") || name == "hls_stream.h" || name == "hls_payload.h" ||
         name == "hls_task.h";
}

std::string identifier(StringRef name) {
  std::string r;
  for (char c : name) {
    if (c == '.') break;
    r += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  }
  return r;
}

std::string function_base_name(StringRef mangled) {
  ItaniumPartialDemangler demangler;
  std::string name = mangled.str();
  if (demangler.partialDemangle(name.c_str())) return name;
  char* text = demangler.isFunction() ? demangler.getFunctionBaseName(nullptr, nullptr)
                                      : demangler.finishDemangle(nullptr, nullptr);
  std::string r = text ? text : name;
  std::free(text);
  if (const std::size_t colons = r.rfind("::"); colons != std::string::npos) r = r.substr(colons + 2);
  return r;
}

}  // namespace sapulse::hlsc
