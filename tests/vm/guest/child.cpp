// SPDX-License-Identifier: Apache-2.0
#include "child.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <system_error>

namespace sapulse::test {
namespace {

int parent = -1;  // in a child: where answers go

}  // namespace

Child::Child(const Body& body) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  pid_ = fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) {
    close(ends[0]);
    parent = ends[1];
    try {
      tell(body());
    } catch (const std::exception& failure) {
      tell(failure.what());
    }
    _exit(0);
  }
  close(ends[1]);
  answers_ = ends[0];
}

Child::~Child() {
  if (pid_ > 0) kill(SIGKILL);
  close(answers_);
}

void Child::tell(const std::string& line) {
  const std::string text = line + "\n";
  (void)!write(parent, text.data(), text.size());
}

std::string Child::answer() const {
  std::string line;
  char byte = 0;
  while (read(answers_, &byte, 1) == 1 && byte != '\n') line += byte;
  return line;
}

void Child::kill(int signal) {
  ::kill(pid_, signal);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace sapulse::test
