// SPDX-License-Identifier: Apache-2.0
#include "vectors.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "packet.h"

namespace sapulse::traffic {

namespace {

using Json = nlohmann::json;

Direction direction_of(const Json& json) {
  Direction direction;
  direction.spi = json.at("spi").get<std::uint32_t>();
  direction.key = from_hex(json.at("key").get<std::string>());
  direction.salt = from_hex(json.value("salt", std::string()));
  direction.integrity = from_hex(json.value("integrity", std::string()));
  direction.next = json.value("next", std::uint64_t{1});
  return direction;
}

Association association_of(const Json& json) {
  return {.name = json.at("name").get<std::string>(),
          .local = parse_address(json.at("local").get<std::string>()),
          .peer = parse_address(json.at("peer").get<std::string>()),
          .in = direction_of(json.at("in")),
          .out = direction_of(json.at("out")),
          .plain = json.at("plain").get<bool>(),
          .token_nonce = from_hex(json.at("token_nonce").get<std::string>())};
}

std::vector<Bytes> frames_of(const Json& json) {
  std::vector<Bytes> frames;
  for (const Json& frame : json) frames.push_back(from_hex(frame.get<std::string>()));
  return frames;
}

/// `expect` is pass or none; where there is an answer, it is written without padding.
VectorCase field_case_of(const Json& json) {
  VectorCase item{.name = json.at("name").get<std::string>(),
                  .in = from_hex(json.at("in").get<std::string>()),
                  .line_out = {},
                  .core_out = {}};
  if (json.contains("answer")) {
    Bytes& answer = item.line_out.emplace_back(from_hex(json.at("answer").get<std::string>()));
    answer.resize(std::max(answer.size(), kMinFrame));
  } else if (const auto expected = json.at("expect").get<std::string>(); expected == "pass") {
    item.core_out = {item.in};
  } else if (expected != "none") {
    throw std::runtime_error(item.name + ": expect: " + expected);
  }
  return item;
}

}  // namespace

Vectors load_field_cases(const std::filesystem::path& file) {
  try {
    const Json json = Json::parse(std::ifstream(file));
    Vectors vectors{.config = from_yaml(json.at("configuration").get<std::string>()), .cases = {}};
    for (const Json& item : json.at("cases")) vectors.cases.push_back(field_case_of(item));
    return vectors;
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

Vectors load_vectors(const std::filesystem::path& file) {
  try {
    const Json json = Json::parse(std::ifstream(file));
    Vectors vectors;
    vectors.config.control_spi = json.at("control_spi").get<unsigned>();
    for (const Json& text : json.at("local")) vectors.config.local.push_back(parse_address(text.get<std::string>()));
    vectors.config.secret = from_hex(json.at("secret").get<std::string>());
    for (const Json& text : json.at("mac")) vectors.config.macs.push_back(parse_mac(text.get<std::string>()));
    for (const Json& sa : json.at("sas")) vectors.config.sas.push_back(association_of(sa));
    for (const Json& item : json.at("cases")) {
      vectors.cases.push_back({.name = item.at("name").get<std::string>(),
                               .in = from_hex(item.at("in").get<std::string>()),
                               .line_out = frames_of(item.at("line_out")),
                               .core_out = frames_of(item.at("core_out"))});
    }
    return vectors;
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

}  // namespace sapulse::traffic
