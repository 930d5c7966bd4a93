// SPDX-License-Identifier: Apache-2.0
#include "serve_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace sapulse::test {

using service::Connection;
using service::Json;

namespace {

void check(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("sapulse serve: ") + what);
}

/// Its standard output goes to `output`.
pid_t spawn(std::vector<std::string> words, int output) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t process = -1;
  const int error = ::posix_spawn(&process, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  check(error == 0, "cannot be started");
  return process;
}

}  // namespace

ServeProcess::ServeProcess(ServePlaces places) : places_(std::move(places)) {
  std::array<int, 2> ends{};
  check(::pipe2(ends.data(), O_CLOEXEC) == 0, "no pipe");
  output_ = FileDescriptor(ends[0]);
  const FileDescriptor input(ends[1]);
  std::vector<std::string> words{SAPULSE_COMMAND, "serve", "--sas", places_.sas, "--socket", places_.socket};
  if (!places_.state.empty()) words.insert(words.end(), {"--state", places_.state});
  if (!places_.device.empty()) words.insert(words.end(), {"--device", places_.device});
  process_ = spawn(std::move(words), input.get());
}

ServeProcess::~ServeProcess() {
  if (process_ > 0) end(SIGKILL);
  std::error_code none;
  std::filesystem::remove(places_.socket, none);
}

void ServeProcess::wait_until_it_says(const std::string& text) {
  std::array<char, 256> chunk{};
  while (printed_.find(text) == std::string::npos) {
    const ssize_t bytes = ::read(output_.get(), chunk.data(), chunk.size());
    check(bytes > 0, ("has ended; it printed: " + printed_).c_str());
    printed_.append(chunk.data(), static_cast<std::size_t>(bytes));
  }
  printed_.erase(0, printed_.find(text) + text.size());
}

void ServeProcess::send(int signal) const { ::kill(process_, signal); }

void ServeProcess::wait_for_file(const std::filesystem::path& file) const {
  while (!std::filesystem::exists(file)) {
    siginfo_t ended{};
    check(::waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0,
          "has ended");
    std::this_thread::yield();
  }
}

Connection ServeProcess::connect() const {
  auto connection = Connection::open(places_.socket);
  check(connection.has_value(), "not there");
  return std::move(*connection);
}

Json ServeProcess::ask(const Json& request) const {
  Connection connection = connect();
  return test::ask(connection, request);
}

int ServeProcess::end(int signal) {
  ::kill(process_, signal);
  int status = 0;
  ::waitpid(std::exchange(process_, -1), &status, 0);
  return status;
}

int ServeProcess::terminate() {
  const int status = end(SIGTERM);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::chrono::nanoseconds ServeProcess::processor_time() const {
  const std::string process = std::to_string(process_);
  std::ifstream file("/proc/" + process + "/task/" + process + "/schedstat");
  std::int64_t time = -1;
  check(static_cast<bool>(file >> time), "no schedstat");
  return std::chrono::nanoseconds(time);
}

Json ask(Connection& connection, const Json& request) {
  check(connection.send(request).has_value(), "takes no request");
  auto line = connection.receive();
  check(line.has_value(), line ? "" : line.error().message.c_str());
  return std::move(*line);
}

}  // namespace sapulse::test
