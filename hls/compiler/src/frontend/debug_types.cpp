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

bool isApInt(const DIType* t) { return t->getName().starts_with("ap_uint<") || t->getName().starts_with("ap_int<"); }

unsigned apWidth(const DICompositeType* c) {
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
  if (unsigned w = scalarWidth(t)) {
    out.push_back({path, offset, w, static_cast<unsigned>(t->getSizeInBits())});
    return;
  }
  const auto* c = dyn_cast_or_null<DICompositeType>(t);
  const bool isStruct = c && (c->getTag() == dwarf::DW_TAG_structure_type || c->getTag() == dwarf::DW_TAG_class_type);
  if (!isStruct) {
    const std::string name = t && !t->getName().empty() ? "'" + t->getName().str() + "'" : "'" + path + "'";
    const bool isArray = c && c->getTag() == dwarf::DW_TAG_array_type;
    fail(where, isArray
                    ? "arrays are not supported here: " + name
                    : "type " + name + " is not supported here (ap_uint, ap_int, C integers, enums, structs of those)");
  }
  for (const DIDerivedType* m : membersOf(t)) {
    const std::string name = m->getTag() == dwarf::DW_TAG_inheritance ? "" : m->getName().str();
    const char* separator = path.empty() || name.empty() ? "" : "_";
    const std::string inner = fmt::format("{}{}{}", path, separator, name);
    collect(m->getBaseType(), inner, offset + m->getOffsetInBits() / 8, where, out);
  }
}

DIGlobalVariable* variableOf(const GlobalVariable& g) {
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

unsigned scalarWidth(const DIType* type) {
  const DIType* t = stripped(type);
  if (const auto* b = dyn_cast_or_null<DIBasicType>(t)) {
    if (b->getEncoding() == dwarf::DW_ATE_boolean) return 1;
    return b->getEncoding() == dwarf::DW_ATE_float ? 0 : static_cast<unsigned>(b->getSizeInBits());
  }
  const auto* c = dyn_cast_or_null<DICompositeType>(t);
  if (!c) return 0;
  if (c->getTag() == dwarf::DW_TAG_enumeration_type) return static_cast<unsigned>(c->getSizeInBits());
  return isApInt(c) ? apWidth(c) : 0;
}

std::vector<const DIDerivedType*> membersOf(const DIType* type) {
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

std::vector<Leaf> leavesOf(const DIType* type, const SourceLocation& where) {
  std::vector<Leaf> r;
  collect(type, "", 0, where, r);
  if (r.empty()) fail(where, "type without members");
  return r;
}

std::string memberSuffix(const DIType* type, std::uint64_t bit) {
  const DIType* t = stripped(type);
  const auto* c = dyn_cast_or_null<DICompositeType>(t);
  if (!c || scalarWidth(t)) return "";
  if (c->getTag() == dwarf::DW_TAG_array_type) {
    const DIType* element = c->getBaseType();
    const std::uint64_t size = stripped(element)->getSizeInBits();
    return "_" + std::to_string(bit / size) + memberSuffix(element, bit % size);
  }
  for (const DIDerivedType* m : membersOf(t)) {
    if (bit < m->getOffsetInBits() || bit >= m->getOffsetInBits() + m->getSizeInBits()) continue;
    const std::string own = m->getTag() == dwarf::DW_TAG_inheritance ? "" : "_" + m->getName().str();
    return own + memberSuffix(m->getBaseType(), bit - m->getOffsetInBits());
  }
  return "";
}

std::string nameOf(const GlobalVariable& g) {
  const DIGlobalVariable* v = variableOf(g);
  const std::string base = functionBaseName(g.getName());
  return identifier(v ? v->getName() : StringRef(base));
}

std::string partNameOf(const GlobalVariable& g, std::uint64_t offset) {
  const DIGlobalVariable* v = variableOf(g);
  return nameOf(g) + (v ? memberSuffix(v->getType(), offset * 8) : offset ? "_" + std::to_string(offset) : "");
}

SourceLocation locationOf(const GlobalVariable& g) {
  const DIGlobalVariable* v = variableOf(g);
  return v ? SourceLocation{v->getFilename().str(), v->getLine(), 1} : SourceLocation{};
}

const DIType* streamPayload(const DIType* type) {
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

std::string functionBaseName(StringRef mangled) {
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
