// SPDX-License-Identifier: Apache-2.0
#include "frontend/debug_types.h"

#include <cctype>

#include "fmt/format.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/Constants.h"

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

void collect(const DIType* type, const std::string& path, std::uint64_t offset, const SourceLocation& where,
             std::vector<Leaf>& out) {
  const DIType* t = stripped(type);
  if (unsigned w = scalar_width(t)) {
    out.push_back({path, offset, w, static_cast<unsigned>(t->getSizeInBits())});
    return;
  }
  const auto* c = dyn_cast_or_null<DICompositeType>(t);
  const bool is_struct = c && (c->getTag() == dwarf::DW_TAG_structure_type || c->getTag() == dwarf::DW_TAG_class_type);
  if (!is_struct) {
    const std::string name = t && !t->getName().empty() ? "'" + t->getName().str() + "'" : "'" + path + "'";
    const bool is_array = c && c->getTag() == dwarf::DW_TAG_array_type;
    fail(where, is_array
                    ? "arrays are not supported here: " + name
                    : "type " + name + " is not supported here (ap_uint, ap_int, C integers, enums, structs of those)");
  }
  for (const DIDerivedType* m : members_of(t)) {
    const std::string name = m->getTag() == dwarf::DW_TAG_inheritance ? "" : m->getName().str();
    const char* separator = path.empty() || name.empty() ? "" : "_";
    const std::string inner = fmt::format("{}{}{}", path, separator, name);
    collect(m->getBaseType(), inner, offset + m->getOffsetInBits() / 8, where, out);
  }
}

DIGlobalVariable* variable_of(const GlobalVariable& g) {
  SmallVector<DIGlobalVariableExpression*, 1> info;
  g.getDebugInfo(info);
  return info.empty() ? nullptr : info[0]->getVariable();
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

const DIType* stream_payload(const DIType* type) {
  const auto* c = dyn_cast_or_null<DICompositeType>(stripped(type));
  if (!c || !c->getName().starts_with("stream<")) return nullptr;
  for (const auto* p : c->getTemplateParams()) {
    if (const auto* t = dyn_cast<DITemplateTypeParameter>(p)) return t->getType();
  }
  return nullptr;
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
