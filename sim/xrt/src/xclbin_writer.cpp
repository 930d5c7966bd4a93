// SPDX-License-Identifier: Apache-2.0
#include "xclbin_writer.h"

#include <fmt/format.h>
#include <xclbin.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "sapulse/xrt_kernel.h"

namespace sapulse::sim::xrt {
namespace {

constexpr std::size_t kAlignment = 8;  // of sections
constexpr unsigned kApCtrlNone = 2;    // the kernel is managed by its user
constexpr unsigned kControlShift = 8;

using Section = std::pair<axlf_section_kind, std::string>;

/// The rest of the field stays zero.
template <class Char, std::size_t N>
void set_text(Char (&field)[N], std::string_view text) {
  text.copy(reinterpret_cast<char*>(field), N - 1);
}

template <class T>
std::string to_bytes(const T& object, std::size_t bytes = sizeof(T)) {
  return {reinterpret_cast<const char*>(&object), bytes};
}

std::string metadata() {
  return fmt::format(
      R"(<?xml version="1.0" encoding="UTF-8"?>
<project name="{0}"><platform vendor="sapulse" boardid="simulation" name="card" featureRomTime="0"><version major="1" minor="0"/>
<device name="fpga0" fpgaDevice="virtexuplus:xcu50:fsvh2104:-2:e" addrWidth="0">
<core name="OCL_REGION_0" target="hw_em" type="clc_region" clockFreq="0MHz" numComputeUnits="1">
<kernelClocks><clock port="KERNEL_CLK" frequency="300MHz"/></kernelClocks>
<kernel name="{0}" language="ip_c" vlnv="sapulse:kernel:{0}:1.0" attributes="" preferredWorkGroupSizeMultiple="0" workGroupSize="1" interrupt="true" hwControlProtocol="user_managed">
<port name="S_AXIL" portType="addressable" mode="slave" base="0x0" range="{2:#x}" dataWidth="32"/>
<port name="M_AXI" portType="addressable" mode="master" base="0x0" range="0xFFFFFFFFFFFFFFFF" dataWidth="512"/>
<arg name="command_ring" addressQualifier="1" id="0" port="M_AXI" size="0x8" offset="{4:#x}" hostOffset="0x0" hostSize="0x8" type="void*"/>
<instance name="{1}"><addrRemap base="{3:#x}" range="{2:#x}" port="S_AXIL"/></instance>
</kernel></core></device></platform></project>
)",
      xrt_kernel::kKernel, xrt_kernel::kInstance, xrt_kernel::kRange, kKernelBase, regs::offset::kCommandBase);
}

std::string memories() {
  mem_topology topology{};
  topology.m_count = 1;
  mem_data& host = topology.m_mem_data[0];
  host.m_type = MEM_DRAM;
  host.m_used = 1;
  host.m_size = kHostBankBytes >> 10;
  host.m_base_address = kHostBankBase;
  set_text(host.m_tag, std::string(xrt_kernel::kHostBank) + "[0]");
  return to_bytes(topology);
}

std::string kernels() {
  ip_layout layout{};
  layout.m_count = 1;
  ip_data& kernel = layout.m_ip_data[0];
  kernel.m_type = IP_KERNEL;
  kernel.properties = kApCtrlNone << kControlShift;
  kernel.m_base_address = kKernelBase;
  set_text(kernel.m_name, fmt::format("{}:{}", xrt_kernel::kKernel, xrt_kernel::kInstance));
  return to_bytes(layout);
}

/// Argument 0 of kernel 0 is in memory 0.
std::string connections() {
  ::connectivity list{};
  list.m_count = 1;
  return to_bytes(list);
}

void align(std::string& file) { file.resize((file.size() + kAlignment - 1) / kAlignment * kAlignment, '\0'); }

}  // namespace

std::string make_xclbin(const Uuid& uuid) {
  const std::vector<Section> sections{{EMBEDDED_METADATA, metadata()},
                                      {MEM_TOPOLOGY, memories()},
                                      {IP_LAYOUT, kernels()},
                                      {CONNECTIVITY, connections()}};
  axlf top{};
  set_text(top.m_magic, "xclbin2");
  top.m_signature_length = -1;
  std::memset(top.reserved, 0xff, sizeof(top.reserved));
  std::memset(top.m_keyBlock, 0xff, sizeof(top.m_keyBlock));
  top.m_header.m_versionMajor = 2;
  top.m_header.m_versionMinor = 13;
  top.m_header.m_mode = XCLBIN_HW_EMU;
  top.m_header.m_numSections = static_cast<std::uint32_t>(sections.size());
  set_text(top.m_header.m_platformVBNV, "sapulse:simulation:card:1.0");
  std::ranges::copy(uuid, top.m_header.uuid);

  std::string headers;
  std::string bodies;
  const std::size_t begin = offsetof(axlf, m_sections) + sections.size() * sizeof(axlf_section_header);
  for (const auto& [kind, body] : sections) {
    align(bodies);
    axlf_section_header header{};
    header.m_sectionKind = kind;
    header.m_sectionOffset = (begin + kAlignment - 1) / kAlignment * kAlignment + bodies.size();
    header.m_sectionSize = body.size();
    headers += to_bytes(header);
    bodies += body;
  }
  const std::size_t start = (begin + kAlignment - 1) / kAlignment * kAlignment;
  top.m_header.m_length = start + bodies.size();
  std::string file = to_bytes(top, offsetof(axlf, m_sections)) + headers;
  align(file);
  return file + bodies;
}

}  // namespace sapulse::sim::xrt
