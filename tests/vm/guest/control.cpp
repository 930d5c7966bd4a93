// SPDX-License-Identifier: Apache-2.0
#include "control.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <stdexcept>

namespace sapulse::test {
namespace {

constexpr const char* kLine = "/dev/ttyS1";
constexpr int kPatience = 60'000;  // ms: the simulation answers between two cycles of the card

}  // namespace

Control::Control() : file_(open(kLine, O_RDWR | O_CLOEXEC | O_NOCTTY)) {
  if (file_ < 0) throw std::runtime_error(std::string("cannot open ") + kLine);
}

Control::~Control() { close(file_); }

std::string Control::ask(const std::string& request) {
  const std::string line = request + "\n";
  if (write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw std::runtime_error(std::string("cannot write to ") + kLine);
  }
  std::string answer;
  while (true) {
    pollfd ready{file_, POLLIN, 0};
    char byte = 0;
    if (poll(&ready, 1, kPatience) != 1 || read(file_, &byte, 1) != 1) {
      throw std::runtime_error("the simulation does not answer to " + request);
    }
    if (byte == '\n') return answer;
    answer += byte;
  }
}

std::uint64_t Control::number(const std::string& request) { return std::stoull(ask(request)); }

}  // namespace sapulse::test
