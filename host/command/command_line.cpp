// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"

#include <fmt/format.h>

#include <cstdio>
#include <string_view>
#include <vector>

#include "command_tree.h"
#include "subcommands.h"
#include "version.h"

namespace sapulse::command {
namespace {

void apply(CLI::Option& option, const OptionTraits& traits) {
  if (!traits.type.empty()) option.type_name(traits.type);
  option.required(traits.required);
  if (traits.range) option.check(CLI::Range(traits.range->first, traits.range->second));
  if (traits.shows_default) option.capture_default_str();
  if (!traits.default_text.empty()) option.default_str(traits.default_text);
}

/// An option that help texts do not show, for those who make pages and completions.
void add_describe(CLI::App& app) {
  const auto print = [&app](std::int64_t) {
    fmt::print("{}\n", describe(app).dump());
    throw CLI::Success();
  };
  app.add_flag("--describe", print, "print commands and options as JSON")->trigger_on_parse()->group("");
}

/// The exit status of a command that has done its work: another one if what it has printed cannot be written.
int status_after_output(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  complain("standard output: cannot be written");
  return exit_device;
}

/// `sapulse help ping` is `sapulse ping --help`.
std::vector<const char*> without_help_word(int argc, char** argv) {
  std::vector<const char*> arguments(argv, argv + argc);
  if (argc < 2 || std::string_view(argv[1]) != "help") return arguments;
  arguments.erase(arguments.begin() + 1);
  arguments.push_back("--help");
  return arguments;
}

}  // namespace

Command Command::add_command(const std::string& name, const std::string& what) {
  CLI::App* command = app_->add_subcommand(name, what);
  add_describe(*command);
  return {*command, *outcome_};
}

void Command::require_command() { app_->require_subcommand(1); }

void Command::on_run(Run run) {
  app_->callback([outcome = outcome_, run = std::move(run)] { outcome->run = run; });
}

void Command::fail_with(int code) { outcome_->mistake[app_->get_name()] = code; }

void Command::take_everything() {
  app_->set_help_flag();
  app_->remove_option(app_->get_option("--describe"));
  app_->prefix_command();
}

void Command::add_flag(const std::string& name, bool& value, const std::string& what) {
  app_->add_flag(name, value, what);
}

template <class Value>
void Command::add_option(const std::string& name, Value& value, const std::string& what, const OptionTraits& traits) {
  apply(*app_->add_option(name, value, what), traits);
}
template void Command::add_option(const std::string&, std::string&, const std::string&, const OptionTraits&);
template void Command::add_option(const std::string&, std::uint32_t&, const std::string&, const OptionTraits&);
template void Command::add_option(const std::string&, std::uint64_t&, const std::string&, const OptionTraits&);
template void Command::add_option(const std::string&, double&, const std::string&, const OptionTraits&);

void Command::add_list(const std::string& name, std::vector<std::string>& values, const std::string& what,
                       const OptionTraits& traits) {
  apply(*app_->add_option(name, values, what)->allow_extra_args(false), traits);
}

void Command::add_parsed(const std::string& name, std::function<Result<void>(const std::string& text)> parse,
                         const std::string& what, const OptionTraits& traits) {
  const auto check = [name, parse = std::move(parse)](const std::string& text) {
    if (auto parsed = parse(text); !parsed) throw CLI::ValidationError(name, parsed.error().message);
  };
  apply(*app_->add_option_function<std::string>(name, check, what), traits);
}

int run_command_line(int argc, char** argv, std::span<const AddCommand> commands) {
  CLI::App app{"IPsec liveness in hardware: answers encrypted pings under reserved SPIs", "sapulse"};
  app.set_version_flag("--version", std::string("sapulse ") + kVersion);
  add_describe(app);
  Command::Outcome outcome;
  Command command(app, outcome);
  command.require_command();
  for (const AddCommand& add : commands) add(command);
  const auto arguments = without_help_word(argc, argv);
  try {
    app.parse(static_cast<int>(arguments.size()), arguments.data());
  } catch (const CLI::Success& success) {  // --help, --version, --describe
    return status_after_output(app.exit(success));
  } catch (const CLI::Error& error) {
    complain(explain_unknown(app, std::span(arguments).subspan(1)).value_or(error.what()));
    const auto chosen = app.get_subcommands();
    const auto special = chosen.empty() ? outcome.mistake.end() : outcome.mistake.find(chosen.front()->get_name());
    return special != outcome.mistake.end() ? special->second : exit_usage;
  }
  return status_after_output(outcome.run());
}

}  // namespace sapulse::command
