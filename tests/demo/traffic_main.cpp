// SPDX-License-Identifier: Apache-2.0
// sapulse-traffic: writes captures and a configuration to try a card on. Equal seeds give equal files.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include "traffic/capture.h"
#include "traffic/generator.h"

namespace {

using namespace sapulse::traffic;

struct Options {
  std::filesystem::path directory;
  std::uint64_t seed = 1;
  unsigned sas = 8;
  unsigned line_frames = 400;
  unsigned core_frames = 60;
  Mixture mixture{.max_data = 200, .bad_percent = 25, .customer_percent = 30};
};

void write_files(const Options& options) {
  const Config config = sample_config(options.seed, options.sas);
  Generator generator(config, options.seed, options.mixture);
  std::vector<Bytes> line;
  std::vector<Bytes> core;
  // One of each kind first, so that even a short capture has them all.
  for (const std::string& kind : Generator::good_kinds()) line.push_back(generator.good(kind).frame);
  for (const std::string& kind : Generator::customer_kinds()) line.push_back(generator.customer(kind).frame);
  for (const std::string& kind : Generator::bad_kinds()) line.push_back(generator.bad(kind).frame);
  while (line.size() < options.line_frames) line.push_back(generator.line().frame);
  while (core.size() < options.core_frames) core.push_back(generator.core().frame);
  std::filesystem::create_directories(options.directory);
  save_config(options.directory / "sas.yaml", config);
  write_frames(options.directory / "line.pcap", line);
  write_frames(options.directory / "core.pcap", core);
  fmt::print("{} frames from the network, {} from the gateway, {} SAs in {}\n", line.size(), core.size(),
             config.sas.size(), options.directory.string());
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app("Writes line.pcap, core.pcap and sas.yaml: mixed traffic for a card");
  app.add_option("--out", options.directory, "directory to write to")->required();
  app.add_option("--seed", options.seed, "of keys and traffic")->capture_default_str();
  app.add_option("--sas", options.sas, "security associations")->capture_default_str()->check(CLI::Range(1, 65536));
  app.add_option("--line-frames", options.line_frames, "frames from the network")->capture_default_str();
  app.add_option("--core-frames", options.core_frames, "frames from the gateway")->capture_default_str();
  app.add_option("--max-data", options.mixture.max_data, "usual payload at most, bytes")->capture_default_str();
  app.add_option("--jumbo-one-in", options.mixture.jumbo_one_in, "payloads of up to 9000 bytes; 0: none")
      ->capture_default_str();
  app.add_option("--bad-percent", options.mixture.bad_percent, "frames to refuse")->capture_default_str();
  app.add_option("--customer-percent", options.mixture.customer_percent, "frames to pass")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  write_files(options);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sapulse-traffic: %s\n", error.what());
    return 2;
  }
}
