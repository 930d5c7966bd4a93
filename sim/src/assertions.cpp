// SPDX-License-Identifier: Apache-2.0
#include "assertions.h"

#include <verilated.h>

#include <cstdarg>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "pins.h"
#include "verilated_print.h"

namespace sapulse::sim {
namespace {

thread_local const AssertionScope::Report* current_report = nullptr;
thread_local std::string printed;  // text since the last report

/// Cuts Verilator's "[time] %Error: path/file.sv:12: Assertion failed in " off: the time is known better and the
/// path is one of the machine that built the model.
std::string clean(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  for (const std::string_view marker : {"Assertion failed in ", "%Error: ", "%Fatal: "}) {
    if (const auto at = text.find(marker); at != std::string_view::npos) {
      text.remove_prefix(at + marker.size());
      break;
    }
  }
  return std::string(text);
}

void report(const char* file, int line, const char* fallback) {
  std::string message = clean(std::exchange(printed, {}));
  if (message.empty()) message = fallback;
  std::string_view name = file != nullptr ? file : "";
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  if (!name.empty()) message += " (" + std::string(name) + ":" + std::to_string(line) + ")";
  if (current_report != nullptr) (*current_report)(std::move(message));
}

}  // namespace

AssertionScope::AssertionScope(const Report& report) : previous_(std::exchange(current_report, &report)) {}

AssertionScope::~AssertionScope() {
  current_report = previous_;
  printed.clear();
}

}  // namespace sapulse::sim

int sapulse_sim_print(const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  const int length = std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  sapulse::sim::printed += text;
  return length;
}

void vl_stop(const char* file, int line, const char* /*hierarchy*/) { sapulse::sim::report(file, line, "$stop"); }

void vl_finish(const char* file, int line, const char* /*hierarchy*/) { sapulse::sim::report(file, line, "$finish"); }

void vl_fatal(const char* /*file*/, int /*line*/, const char* /*hierarchy*/, const char* message) {
  sapulse::sim::printed.clear();
  throw sapulse::sim::ModelFailure(message);
}

void vl_warn(const char* file, int line, const char* /*hierarchy*/, const char* message) {
  sapulse::sim::report(file, line, message);
}
