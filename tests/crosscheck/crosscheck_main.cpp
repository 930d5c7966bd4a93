// SPDX-License-Identifier: Apache-2.0
// Helper of the Python cross-checks: what the traffic library makes and opens, as files.
//   packets N FILE      writes N nested packets of plain SAs with their keys and bodies
//   open FILE           opens nested packets that another ESP stack has made; exit 1 when one is not what it should be
//   answers SAS IN OUT  writes the answers of the reference responder to the frames of a capture
#include <fmt/format.h>

#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "traffic/capture.h"
#include "traffic/generator.h"
#include "traffic/reference.h"

namespace {

using namespace sapulse::traffic;
using Json = nlohmann::json;

Json to_json(const Association& sa, std::uint64_t n, View body, View packet) {
  return {{"spi", sa.in.spi}, {"key", to_hex(sa.in.key)}, {"salt", to_hex(sa.in.salt)},
          {"n", n},           {"body", to_hex(body)},     {"packet", to_hex(packet)}};
}

void write_packets(std::size_t count, const std::string& file) {
  Random random(1);
  Config config = sample_config(1, 8);
  Json list = Json::array();
  for (std::size_t i = 0; i < count; ++i) {
    Association& sa = config.sas[i % config.sas.size()];
    sa.plain = true;
    sa.in.salt = random.bytes(4);  // not every SA of the sample has one
    const std::uint64_t n = random.one_in(2) ? random.between(1, 1000) : random.bits();
    const Bytes body = echo_message({.identifier = 1, .data = random.bytes(random.below(300))});
    list.push_back(to_json(sa, n, body, nested_packet(sa, sa.in, n, padded(body))));
  }
  std::ofstream(file) << list;
}

int open_packets(const std::string& file) {
  int wrong = 0;
  const Json list = Json::parse(std::ifstream(file));
  for (const Json& item : list) {
    Association sa;
    sa.plain = true;
    sa.in = {.spi = item.at("spi").get<std::uint32_t>(),
             .key = from_hex(item.at("key").get<std::string>()),
             .salt = from_hex(item.at("salt").get<std::string>())};
    const Bytes wanted = padded(from_hex(item.at("body").get<std::string>()));
    const auto opened = open_nested(sa, sa.in, from_hex(item.at("packet").get<std::string>()));
    if (opened == wanted) continue;
    ++wrong;
    fmt::print("n = {}: {}\n", item.at("n").get<std::uint64_t>(), opened ? "another plaintext" : "does not open");
  }
  fmt::print("{} packets opened, {} wrong\n", list.size(), wrong);
  return wrong == 0 && !list.empty() ? 0 : 1;
}

void write_answers(const std::string& sas, const std::string& in, const std::string& out) {
  Reference reference(load_config(sas));
  std::vector<Bytes> answers;
  for (const Bytes& frame : read_frames(in)) {
    const Verdict verdict = reference.process(frame);
    if (verdict.answer) answers.push_back(verdict.answer->frame());
  }
  write_frames(out, answers);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    if (words.size() == 3 && words[0] == "packets") {
      write_packets(std::stoul(words[1]), words[2]);
      return 0;
    }
    if (words.size() == 2 && words[0] == "open") return open_packets(words[1]);
    if (words.size() == 4 && words[0] == "answers") {
      write_answers(words[1], words[2], words[3]);
      return 0;
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "crosscheck: {}\n", error.what());
    return 2;
  }
  fmt::print(stderr, "usage: crosscheck packets N FILE | open FILE | answers SAS IN OUT\n");
  return 2;
}
