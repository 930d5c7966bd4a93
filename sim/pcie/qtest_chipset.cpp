// SPDX-License-Identifier: Apache-2.0
#include "qtest_chipset.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>

namespace sapulse::sim {

bool QtestChipset::read_line(std::string& line) {
  while (true) {
    if (const auto end = received_.find('\n'); end != std::string::npos) {
      line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return true;
    }
    std::array<char, 512> block{};
    const ssize_t size = recv(socket_, block.data(), block.size(), 0);
    if (size <= 0) return false;
    received_.append(block.data(), static_cast<std::size_t>(size));
  }
}

std::string QtestChipset::command(std::string_view text) {
  const std::string line = fmt::format("{}\n", text);
  if (::send(socket_, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) return {};
  std::string answer;
  while (read_line(answer)) {
    if (answer.starts_with("FAIL")) return {};
    if (answer.starts_with("OK")) return answer.substr(2);
    // Everything else is news that nobody has asked for.
  }
  return {};
}

std::uint32_t QtestChipset::read32(std::uint64_t address) {
  return static_cast<std::uint32_t>(std::strtoull(command(fmt::format("readl {:#x}", address)).c_str(), nullptr, 0));
}

std::uint64_t QtestChipset::read64(std::uint64_t address) {
  return std::strtoull(command(fmt::format("readq {:#x}", address)).c_str(), nullptr, 0);
}

void QtestChipset::write32(std::uint64_t address, std::uint32_t value) {
  command(fmt::format("writel {:#x} {:#x}", address, value));
}

void QtestChipset::set_line(unsigned input, bool level) {
  command(fmt::format("set_irq_in /machine/q35/ioapic unnamed-gpio-in {} {}", input, level ? 1 : 0));
}

}  // namespace sapulse::sim
