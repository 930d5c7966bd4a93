# SPDX-License-Identifier: Apache-2.0
"""Description -> C++20 header (Google style: kConstant, CamelCase types, snake_case functions)."""

from __future__ import annotations

from .description import Description
from .descriptors import Descriptor, DescriptorField
from .enums import Enum
from .registers import BitField, Register


HEAD = """// SPDX-License-Identifier: Apache-2.0
// Registers, descriptors and enumerations that host and card share. Generated from contract/description: do not edit.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
"""

SUPPORT = """
/// Bits of a register.
struct Field {
  unsigned lsb;
  unsigned width;
  [[nodiscard]] constexpr std::uint32_t mask() const {
    return static_cast<std::uint32_t>(((std::uint64_t{1} << width) - 1) << lsb);
  }
  [[nodiscard]] constexpr std::uint32_t get(std::uint32_t value) const { return (value & mask()) >> lsb; }
  /// `value` with this field replaced by the low bits of `field`.
  [[nodiscard]] constexpr std::uint32_t put(std::uint32_t value, std::uint32_t field) const {
    return (value & ~mask()) | ((field << lsb) & mask());
  }
};

enum class Access : std::uint8_t {
  read_only,
  read_write,
  write_only,         ///< reads deliver 0
  write_one_to_clear  ///< reads; writing ones clears
};

/// One 32-bit or 64-bit register, or an array of them, for tools that walk over all of them.
struct RegisterInfo {
  std::string_view name;
  std::uint32_t offset;  ///< of the first element, bytes
  unsigned width;        ///< bits; 64: low half at `offset`, high half 4 bytes on
  Access access;
  unsigned count;                      ///< elements; 1 if this is not an array
  unsigned stride;                     ///< bytes from one element to the next
  std::uint64_t mask;                  ///< bits that exist
  std::optional<std::uint64_t> reset;  ///< reset value; nothing if it depends on the build or on the state
};

namespace detail {

/// Access to a descriptor in memory; little-endian on every host.
template <class Byte, std::size_t Size>
class View {
 public:
  static constexpr std::size_t kSize = Size;
  static constexpr bool kWritable = !std::is_const_v<Byte>;

  explicit constexpr View(std::span<Byte, Size> bytes) : bytes_(bytes) {}

  [[nodiscard]] constexpr std::span<Byte, Size> bytes() const { return bytes_; }
  constexpr void clear() const
    requires kWritable
  {
    std::fill(bytes_.begin(), bytes_.end(), std::byte{0});
  }

 protected:
  template <std::size_t Offset, class T>
  [[nodiscard]] constexpr T get() const {
    static_assert(Offset + sizeof(T) <= Size);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value |= std::to_integer<std::uint64_t>(bytes_[Offset + i]) << (8 * i);
    return static_cast<T>(value);
  }
  template <std::size_t Offset, class T>
  constexpr void put(T number) const {
    static_assert(Offset + sizeof(T) <= Size);
    const auto value = static_cast<std::uint64_t>(number);
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes_[Offset + i] = static_cast<std::byte>(value >> (8 * i));
  }
  template <std::size_t Offset, std::size_t Count>
  [[nodiscard]] constexpr std::span<Byte, Count> part() const {
    return bytes_.template subspan<Offset, Count>();
  }

 private:
  std::span<Byte, Size> bytes_;
};

}  // namespace detail
"""

CPP_ACCESS = {"ro": "Access::read_only", "rw": "Access::read_write", "wo": "Access::write_only",
              "w1c": "Access::write_one_to_clear"}


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.lower().split("_"))


def constant(name: str) -> str:
    return "k" + camel(name)


def brief(doc: str) -> str:
    return f"  ///< {doc}" if doc else ""


def emit_enum(enum: Enum) -> list[str]:
    kind = camel(enum.name)
    storage = next(size for size in (8, 16, 32) if size >= enum.bits)
    lines = ["", f"/// {enum.doc}", f"enum class {kind} : std::uint{storage}_t {{"]
    lines += [f"  {v.name.lower()} = {v.value},{brief(v.doc)}" for v in enum.values]
    names = ", ".join(f'"{v.name.lower()}"' for v in enum.values)
    return lines + [
        "};", f"inline constexpr std::size_t k{kind}Count = {len(enum.values)};",
        f"inline constexpr std::array<std::string_view, k{kind}Count> k{kind}Names{{", f"    {names}}};",
        '/// Name as in the documentation, in lower case; "?" for a value that is none of the enumeration.',
        f"[[nodiscard]] constexpr std::string_view name({kind} value) {{",
        "  const auto i = static_cast<std::size_t>(value);",
        f'  return i < k{kind}Count ? k{kind}Names[i] : "?";', "}",
        "/// The value of that name; nothing if there is none.",
        f"[[nodiscard]] constexpr std::optional<{kind}> find_{enum.name}(std::string_view name) {{",
        f"  const auto* found = std::find(k{kind}Names.begin(), k{kind}Names.end(), name);",
        f"  if (found == k{kind}Names.end()) return std::nullopt;",
        f"  return static_cast<{kind}>(found - k{kind}Names.begin());", "}"]


def emit_array_offset(register: Register, name: str, offset: int) -> list[str]:
    parameter, index = ("unsigned i", "i")
    if register.index is not None:
        parameter, index = f"{camel(register.index)} i", "static_cast<std::uint32_t>(i)"
    return [f"[[nodiscard]] constexpr std::uint32_t {name.lower()}({parameter}) {{",
            f"  return {offset:#06x} + {index} * {register.stride};", "}"]


def emit_offset(register: Register) -> list[str]:
    halves = " (low half)" if register.width == 64 else ""
    lines = [f"/// {register.name}{halves}: {register.doc}"]
    if not register.is_array:
        return lines + [f"inline constexpr std::uint32_t {constant(register.name)} = {register.offset:#06x};"]
    if not register.words:
        return lines + emit_array_offset(register, register.name, register.offset)
    for word in register.words:
        lines += emit_array_offset(register, f"{register.name}_{word.name}", register.offset + word.offset)
    return lines


def emit_fields(register: Register) -> list[str]:
    def line(bits: BitField) -> str:
        return f"inline constexpr Field {constant(bits.name)}{{.lsb = {bits.lsb}, .width = {bits.width}}};{brief(bits.doc)}"

    return ["", f"/// Fields of {register.name}.", f"namespace {register.name.lower()} {{"] + [
        line(bits) for bits in register.fields] + [
            f"inline constexpr unsigned kBits = {register.mask.bit_length()};  ///< up to the highest field",
            f"}}  // namespace {register.name.lower()}"]


def info_line(register: Register, name: str, offset: int, mask: int) -> str:
    reset = "std::nullopt" if register.reset is None else f"{register.reset:#x}"
    return (f'    {{"{name}", {offset:#06x}, {register.width}, {CPP_ACCESS[register.access]}, {register.count}, '
            f"{register.stride}, {mask:#x}, {reset}}},")


def emit_table(registers: list[Register]) -> list[str]:
    rows = []
    for register in registers:
        if register.words:
            rows += [info_line(register, f"{register.name}_{word.name}", register.offset + word.offset, word.mask)
                     for word in register.words]
        else:
            rows.append(info_line(register, register.name, register.offset, register.mask))
    return ["", "/// All registers, in the order of the description; each word of a structured array is an entry of its own.",
            f"inline constexpr std::array<RegisterInfo, {len(rows)}> kRegisters{{{{"] + rows + ["}};"]


def emit_accessors(item: DescriptorField) -> list[str]:
    doc = [f"  /// {item.doc}"] if item.doc else []
    if item.kind == "bytes":
        return doc + [f"  [[nodiscard]] constexpr std::span<Byte, {item.size}> {item.name}() const {{",
                      f"    return this->template part<{item.offset}, {item.size}>();", "  }"]
    kind = camel(item.enum) if item.enum else f"std::uint{item.size * 8}_t"
    return doc + [f"  [[nodiscard]] constexpr {kind} {item.name}() const {{ return this->template get<{item.offset}, {kind}>(); }}",
                  f"  constexpr void set_{item.name}({kind} value) const", "    requires(!std::is_const_v<Byte>)", "  {",
                  f"    this->template put<{item.offset}>(value);", "  }"]


def emit_descriptor(descriptor: Descriptor) -> list[str]:
    kind = camel(descriptor.name)
    base = f"Basic{camel(descriptor.extends)}<Byte>" if descriptor.extends else f"detail::View<Byte, {descriptor.size}>"
    using = f"Basic{camel(descriptor.extends)}" if descriptor.extends else "View"
    lines = ["", f"/// {descriptor.doc}", "template <class Byte>", f"class Basic{kind} : public {base} {{", " public:",
             f"  using {base}::{using};"]
    for item in descriptor.fields:
        lines += emit_accessors(item)
    return lines + ["};", f"using {kind} = Basic{kind}<std::byte>;", f"using Const{kind} = Basic{kind}<const std::byte>;"]


def emit_constants(description: Description) -> list[str]:
    major, minor, patch = description.version
    lines = ["", f"inline constexpr std::uint32_t kDeviceId = {description.id:#010x};  ///< register ID",
             f"inline constexpr unsigned kVersionMajor = {major};", f"inline constexpr unsigned kVersionMinor = {minor};",
             f"inline constexpr unsigned kVersionPatch = {patch};",
             f"inline constexpr std::size_t kWindowBytes = {description.window_bytes:#x};"]
    for parameter in description.parameters:
        value = f"{parameter.value:#x}" if parameter.value > 1 << 16 else str(parameter.value)
        lines.append(f"inline constexpr std::uint32_t {constant(parameter.name)} = {value};{brief(parameter.doc)}")
    return lines


def emit(description: Description) -> str:
    lines = [HEAD, f"namespace {description.name}::regs {{"] + emit_constants(description) + [SUPPORT.rstrip()]
    for enum in description.enums:
        lines += emit_enum(enum)
    lines += ["", "/// Offsets in bytes.", "namespace offset {"]
    for register in description.registers:
        lines += emit_offset(register)
    lines.append("}  // namespace offset")
    for register in description.registers:
        if register.fields:
            lines += emit_fields(register)
    lines += emit_table(description.registers)
    lines += ["", "// Descriptors in host memory: views of caller-owned bytes, writable (Name) or read-only (ConstName)."]
    for descriptor in description.descriptors:
        lines += emit_descriptor(descriptor)
    return "\n".join(lines + ["", f"}}  // namespace {description.name}::regs", ""])
