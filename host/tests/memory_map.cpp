// SPDX-License-Identifier: Apache-2.0
#include "memory_map.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "sapulse/file_descriptor.h"

namespace sapulse::test {
namespace {

std::string file_of(pid_t process, const char* name) {
  return "/proc/" + (process == 0 ? std::string("self") : std::to_string(process)) + "/" + name;
}

/// The line that begins a mapping, "7f12a000-7f12b000 rw-p 00000000 08:01 123    /usr/lib/x.so".
bool parse_head(const std::string& line, Mapping& mapping) {
  std::istringstream text(line);
  char dash = 0;
  std::string offset;
  std::string device;
  std::string inode;
  if (!(text >> std::hex >> mapping.start >> dash >> mapping.end >> mapping.permissions >> offset >> device >> inode) ||
      dash != '-') {
    return false;
  }
  std::getline(text >> std::ws, mapping.name);
  return true;
}

bool has_flag(const std::string& flags, const char* flag) {
  return flags.find(std::string(" ") + flag) != std::string::npos;
}

}  // namespace

std::vector<Mapping> mappings(pid_t process) {
  const std::string file = file_of(process, "smaps");
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error(file + ": cannot be opened");
  std::vector<Mapping> result;
  for (std::string line; std::getline(stream, line);) {
    if (Mapping mapping; parse_head(line, mapping)) {
      result.push_back(std::move(mapping));
    } else if (line.starts_with("VmFlags:") && !result.empty()) {
      result.back().locked = has_flag(line, "lo");
      result.back().dumped = !has_flag(line, "dd");
    }
  }
  return result;
}

void read_memory(pid_t process, const std::function<bool(const Mapping&)>& wanted,
                 const std::function<void(const Mapping&, std::span<const std::uint8_t>)>& see) {
  const std::string file = file_of(process, "mem");
  const FileDescriptor memory(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!memory) throw std::runtime_error(file + ": cannot be opened");
  for (const Mapping& mapping : mappings(process)) {
    if (!wanted(mapping)) continue;
    std::vector<std::uint8_t> contents(mapping.end - mapping.start);
    const ssize_t size = ::pread(memory.get(), contents.data(), contents.size(), static_cast<off_t>(mapping.start));
    if (size > 0) see(mapping, std::span(contents).first(static_cast<std::size_t>(size)));
  }
}

}  // namespace sapulse::test
