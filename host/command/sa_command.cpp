// SPDX-License-Identifier: Apache-2.0
// `sapulse sa`: lists, adds and removes SAs.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "access.h"
#include "card_name.h"
#include "sapulse/config.h"
#include "sapulse/secret.h"
#include "subcommands.h"
#include "text_file.h"
#include "utf8.h"
#include "watch_table.h"

namespace sapulse::command {
namespace {

using service::Json;

struct SaOptions {
  AccessOptions access;
  std::string sa;
  std::string file;
  bool json = false;
  bool unwatched = false;
};

std::string or_dash(const Json& json, const char* field) {
  return json.is_null() ? "-" : json[field].get<std::string>();
}

void print_list(std::vector<Json>& sas) {
  std::ranges::sort(sas, is_before, [](const Json& sa) { return name_with_card(sa); });
  fmt::print("{:<20} {:>10} {:>10}  {:<26} {:<26} {:<10}\n", "name", "in", "out", "local", "peer", "state");
  for (const Json& sa : sas) {
    fmt::print("{:<20} {:>#10x} {:>#10x}  {:<26} {:<26} {:<10}\n", name_with_card(sa),
               sa["spi_in"].get<std::uint32_t>(), sa["spi_out"].get<std::uint32_t>(), sa["local"].get<std::string>(),
               sa["peer"].get<std::string>(),
               sa["admin_down"].get<bool>() ? "admin-down" : or_dash(sa["liveness"], "state"));
  }
}

void print_unwatched(const std::vector<Json>& sas) {
  fmt::print("{:<20} {:>10}  {:<26} {:<26} {}\n", "name", "spi", "from", "to", "why it is not watched");
  for (const Json& sa : sas) {
    fmt::print("{:<20} {:>#10x}  {:<26} {:<26} {}\n", name_with_card(sa), sa["spi"].get<std::uint32_t>(),
               sa["source"].get<std::string>(), sa["destination"].get<std::string>(), sa["reason"].get<std::string>());
  }
}

int run_list(const SaOptions& options) {
  const char* command = options.unwatched ? "sa-unwatched" : "sa-list";
  std::vector<Json> sas;
  const auto asked = ask(options.access, {{"command", command}}, [&](const Json& line) {
    if (options.json) {
      fmt::print("{}\n", line.dump());
    } else {
      const Json& some = line.at(options.unwatched ? "unwatched" : "sas");
      sas.insert(sas.end(), some.begin(), some.end());
    }
    return true;
  });
  if (!asked) return fail(asked.error(), options.json);
  if (options.json) return exit_good;
  options.unwatched ? print_unwatched(sas) : print_list(sas);
  return exit_good;
}

/// Sends a request that is answered with one line.
int run_change(const SaOptions& options, const Json& request) {
  const auto asked = ask(options.access, request, [&](const Json& line) {
    if (options.json) fmt::print("{}\n", line.dump());
    return true;
  });
  return asked ? exit_good : fail(asked.error(), options.json);
}

int run_import_kernel(const SaOptions& options) {
  const auto asked = ask(options.access, {{"command", "sa-import-kernel"}}, [&](const Json& line) {
    if (options.json) {
      fmt::print("{}\n", line.dump());
    } else {
      fmt::print("{}{} SAs of the kernel, {} not watched (sa list --unwatched)\n", card_prefix(line),
                 line["followed"].get<std::size_t>(), line["unwatched"].get<std::size_t>());
    }
    return true;
  });
  return asked ? exit_good : fail(asked.error(), options.json);
}

int run_add(const SaOptions& options, bool replace) {
  auto read = read_text_file(options.file);
  if (!read) {
    (void)fail(read.error(), options.json);
    return exit_usage;
  }
  std::string& text = *read;
  if (const auto bad = find_bad_utf8(text)) {  // JSON cannot hold it
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*bad), '\n');
    return fail({Errc::parse_error, fmt::format("{}:{}: not UTF-8", options.file, line)}, options.json);
  }
  Json request{{"command", "sa-add"},
               {"file", options.file},
               {"config", text},
               {"replace", replace},
               {"exposed", !check_key_file(options.file)}};
  const int code = run_change(options, request);
  zeroise(std::as_writable_bytes(std::span(text)));
  zeroise(std::as_writable_bytes(std::span(request["config"].get_ref<std::string&>())));
  return code;
}

Command add_part(Command& sa, SaOptions& options, const std::string& name, const std::string& what) {
  Command part = sa.add_command(name, what);
  options.access.add_to(part);
  part.add_flag("--json", options.json, "as JSON");
  return part;
}

}  // namespace

void add_sa_command(Command& app) {
  auto options = std::make_shared<SaOptions>();
  Command sa = app.add_command("sa", "list, add and remove SAs");
  sa.require_command();
  Command list = add_part(sa, *options, "list", "all SAs with their state");
  list.add_flag("--unwatched", options->unwatched,
                "those of the kernel, or stored ones, that are not watched, and why");
  list.on_run([options] { return run_list(*options); });
  Command add = add_part(sa, *options, "add", "add the SAs of a file, all or none");
  add.add_option("file", options->file, "YAML; of a configuration, only the SAs are looked at", {.required = true});
  add.on_run([options] { return run_add(*options, false); });
  Command import =
      add_part(sa, *options, "import", "the same, replacing those that are installed already; or follow the kernel's");
  import.add_option("file", options->file, "YAML, or the word kernel: from now on, the kernel's SAs",
                    {.required = true});
  import.on_run(
      [options] { return options->file == "kernel" ? run_import_kernel(*options) : run_add(*options, true); });
  Command del = add_part(sa, *options, "del", "remove an SA");
  del.add_option("sa", options->sa, "its name or its inbound SPI", {.required = true});
  del.on_run([options] { return run_change(*options, {{"command", "sa-del"}, {"sa", options->sa}}); });
  for (const bool down : {true, false}) {
    Command admin =
        add_part(sa, *options, down ? "down" : "up",
                 down ? "take an SA down: its peer is told, instead of being answered" : "take an SA up again");
    admin.add_option("sa", options->sa, "its name or its inbound SPI", {.required = true});
    admin.on_run([options, down] {
      return run_change(*options, {{"command", "sa-admin"}, {"sa", options->sa}, {"down", down}});
    });
  }
}

}  // namespace sapulse::command
