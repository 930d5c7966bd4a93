// SPDX-License-Identifier: Apache-2.0
// The command line: subcommands that say what their options are. CLI11 is behind it, in command_line.cpp alone, because
// every source file that includes it takes seconds more to compile.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "sapulse/error.h"

namespace CLI {
class App;
}

namespace sapulse::command {

/// What else there is to say of an option.
struct OptionTraits {
  std::string type{};  ///< stands for the value in the help text, "PCAP"; empty: by the type of the variable
  bool required = false;
  bool shows_default = false;  ///< the help text has the value that the variable has now
  std::string default_text{};  ///< shown as the default instead
  std::optional<std::pair<std::uint64_t, std::uint64_t>> range{};  ///< least and most
};

/// A command or subcommand. Variables that options are written to must live until the command has run. Options begin
/// with hyphens; names without are those of positional arguments.
class Command {
 public:
  /// Runs the command that was chosen; returns its exit code.
  using Run = std::function<int()>;

  /// What comes of the command line.
  struct Outcome {
    Run run;                             ///< of the command that was chosen
    std::map<std::string, int> mistake;  ///< exit codes by subcommand, where it is not exit_usage
  };

  Command(CLI::App& app, Outcome& outcome) : app_(&app), outcome_(&outcome) {}

  Command add_command(const std::string& name, const std::string& what);
  /// One of the subcommands must be given.
  void require_command();
  /// What is done when this one has been chosen.
  void on_run(Run run);
  /// Exit code if the command line is wrong, in place of exit_usage.
  void fail_with(int code);
  /// Takes whatever follows as it is, --help too: another program reads it.
  void take_everything();

  void add_flag(const std::string& name, bool& value, const std::string& what);
  /// For std::string, std::uint32_t, std::uint64_t and double.
  template <class Value>
  void add_option(const std::string& name, Value& value, const std::string& what, const OptionTraits& traits = {});
  /// An option that may be given several times, with a value each.
  void add_list(const std::string& name, std::vector<std::string>& values, const std::string& what,
                const OptionTraits& traits = {});
  /// `parse` takes the text; its error is reported with the name of the option.
  void add_parsed(const std::string& name, std::function<Result<void>(const std::string& text)> parse,
                  const std::string& what, const OptionTraits& traits);
  /// One of several words, the first of which is the default.
  template <class Value>
  void add_choice(const std::string& name, Value& value, std::initializer_list<std::pair<std::string, Value>> choices,
                  const std::string& what) {
    std::string names;
    for (const auto& choice : choices) names += (names.empty() ? "" : "|") + choice.first;
    const auto parse = [&value, names, all = std::vector(choices)](const std::string& text) -> Result<void> {
      for (const auto& choice : all) {
        if (choice.first != text) continue;
        value = choice.second;
        return {};
      }
      return failure(Errc::invalid_argument, "'" + text + "' is none of " + names);
    };
    add_parsed(name, parse, what, {.type = names, .default_text = choices.begin()->first});
  }

 private:
  CLI::App* app_;
  Outcome* outcome_;
};

/// Adds a subcommand.
using AddCommand = std::function<void(Command& app)>;

/// Parses the command line of `sapulse` and runs what it asks for; returns the exit code. Prints what is wrong with it,
/// and the help text.
int run_command_line(int argc, char** argv, std::span<const AddCommand> commands);

}  // namespace sapulse::command
