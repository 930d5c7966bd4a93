// SPDX-License-Identifier: Apache-2.0
#include "command_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "nearest_word.h"

namespace sapulse::command {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

/// Short names first, as help texts have them.
std::vector<std::string> names_of(const CLI::Option& option) {
  if (option.get_positional()) return {option.get_name(true)};
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

/// What the type of an option says of its value, without the ranges that CLI11 appends.
std::string value_of(const CLI::Option& option) {
  if (option.get_expected_max() == 0) return {};  // a flag
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

Json describe_option(const CLI::Option& option) {
  const std::string value = value_of(option);
  Json choices = Json::array();
  const bool lower_case = value.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
  if (lower_case && value.find('|') != std::string::npos) choices = CLI::detail::split(value, '|');
  return {
      {"names", names_of(option)},         {"value", or_null(value)}, {"default", or_null(option.get_default_str())},
      {"required", option.get_required()}, {"choices", choices},      {"what", option.get_description()}};
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

/// "; did you mean 'ping'?"
std::string suggestion(std::string_view typed, std::span<const std::string> words) {
  const auto nearest = nearest_word(typed, words);
  return nearest ? fmt::format("; did you mean '{}'?", *nearest) : "";
}

std::string unknown_option(const CLI::App& app, const std::string& path, const std::string& typed) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (std::string& name : names_of(*option)) names.push_back(std::move(name));
  }
  return fmt::format("'{}' has no option {}{}", path, typed, suggestion(typed, names));
}

std::string unknown_command(const CLI::App& app, const std::string& path, std::string_view typed) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(app)) names.push_back(command->get_name());
  if (typed.empty()) return fmt::format("'{}' needs a command: {}", path, fmt::join(names, ", "));
  const std::string nearest = suggestion(typed, names);
  return fmt::format("'{}' has no command '{}'{}", path, typed,
                     nearest.empty() ? fmt::format("; it has {}", fmt::join(names, ", ")) : nearest);
}

}  // namespace

Json describe(const CLI::App& app) {
  Json options = Json::array();
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) options.push_back(describe_option(*option));  // else it is hidden
  }
  Json commands = Json::array();
  for (const CLI::App* command : commands_of(app)) commands.push_back(describe(*command));
  return {{"name", app.get_name()}, {"what", app.get_description()}, {"options", options}, {"commands", commands}};
}

std::optional<std::string> explain_unknown(const CLI::App& app, std::span<const char* const> arguments) {
  const CLI::App* command = &app;
  std::string path = app.get_name();
  for (; command->get_require_subcommand_min() != 0; arguments = arguments.subspan(1)) {
    if (arguments.empty()) return unknown_command(*command, path, "");
    const std::string argument = arguments.front();
    if (argument.starts_with('-')) return unknown_option(*command, path, argument);
    const std::vector<const CLI::App*> commands = commands_of(*command);
    const auto next = std::ranges::find(commands, argument, [](const CLI::App* one) { return one->get_name(); });
    if (next == commands.end()) return unknown_command(*command, path, argument);
    command = *next;
    path += " " + argument;
  }
  const std::vector<std::string> rest = command->remaining();
  if (rest.empty()) return std::nullopt;
  if (rest.front().starts_with('-')) return unknown_option(*command, path, rest.front());
  return fmt::format("'{}' does not take '{}'", path, rest.front());
}

}  // namespace sapulse::command
