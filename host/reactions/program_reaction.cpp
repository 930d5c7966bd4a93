// SPDX-License-Identifier: Apache-2.0
#include "program_reaction.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "child_process.h"
#include "json_values.h"

namespace sapulse::reactions {
namespace {

/// In capitals; ASCII.
std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

/// The last line that is not empty; control characters become question marks.
std::string last_line(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const auto before = text.rfind('\n');
  std::string line(before == std::string_view::npos ? text : text.substr(before + 1));
  std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
  return line;
}

std::string describe(const ChildResult& result) {
  const int status = result.status;
  std::string text = WIFSIGNALED(status) ? fmt::format("ended by signal {}", WTERMSIG(status))
                                         : fmt::format("exit status {}", WEXITSTATUS(status));
  if (const std::string line = last_line(result.output); !line.empty()) text += fmt::format(" ({})", line);
  return text;
}

}  // namespace

std::vector<std::string> environment_of(const nlohmann::ordered_json& change) {
  std::vector<std::string> all{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"};
  for (const auto& [field, value] : change.items()) {
    std::string text = value.is_null() ? "" : value.is_string() ? value.get<std::string>() : value.dump();
    std::ranges::replace(text, '\0', '?');  // would end it
    all.push_back("SAPULSE_" + upper(field) + "=" + text);
  }
  return all;
}

Result<std::string> ProgramReaction::react(const LivenessChange& change, const Patience& patience) {
  const auto json = to_json(change, card_);
  const ChildSetup setup{.command = command_, .environment = environment_of(json), .input = json.dump() + "\n"};
  return run_child(setup, patience).and_then([](const ChildResult& result) -> Result<std::string> {
    if (result.status == 0) return describe(result);
    return failure(Errc::io_error, describe(result));
  });
}

}  // namespace sapulse::reactions
