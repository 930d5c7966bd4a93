// SPDX-License-Identifier: Apache-2.0
#include "tests/gcm_vectors.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

namespace sapulse::test {
namespace {

using field_map = std::map<std::string, std::string>;

bytes joined(bytes a, const bytes& b) {
  append(a, b);
  return a;
}

std::ifstream open_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  return file;
}

std::optional<gcm_case> esp_case(const std::string& name, const bytes& key, const bytes& iv, const bytes& aad) {
  if ((key.size() != 16 && key.size() != 32) || iv.size() != 12) return std::nullopt;
  gcm_case c;
  c.name = name;
  c.key = {key, bytes(iv.begin(), iv.begin() + 4)};
  // SPI and sequence: what the case gives as AAD, as far as it goes.
  c.head = aad;
  c.head.resize(8);
  c.head.insert(c.head.end(), iv.begin() + 4, iv.end());
  return c;
}

/// False where ESP cannot have the text.
bool add_text(gcm_case& c, const bytes& aad, const bytes& plaintext, const bytes& ciphertext, const bytes& tag) {
  if (ciphertext.empty() || ciphertext.size() % 4 != 0) return false;
  c.plaintext = plaintext;
  c.ciphertext = ciphertext;
  const bytes h = from_ap(to_key(c.key).h1, 16);
  const bytes theirs = ghash(h, aad, ciphertext);
  const bytes ours = ghash(h, bytes(c.head.begin(), c.head.begin() + 8), ciphertext);
  c.icv = tag;
  for (std::size_t i = 0; i < tag.size(); ++i) c.icv[i] ^= theirs[i] ^ ours[i];
  return true;
}

/// A case's lines up to the next empty one, as fields; "FAIL" is a field without value.
field_map read_fields(std::ifstream& file) {
  field_map fields;
  for (std::string line; std::getline(file, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty() && !fields.empty()) break;
    if (line.empty() || line[0] == '#' || line[0] == '[') continue;
    const std::size_t equals = line.find(" =");
    fields[line.substr(0, equals)] = equals + 3 < line.size() ? line.substr(equals + 3) : "";
  }
  return fields;
}

}  // namespace

bytes gcm_case::sealed() const { return joined(joined(head, ciphertext), icv); }

bytes gcm_case::opened() const { return joined(joined(head, plaintext), bytes(16)); }

std::vector<gcm_case> cavp_cases(const std::string& file_name) {
  std::ifstream file = open_file(std::string(SAPULSE_CAVP) + "/" + file_name);
  std::vector<gcm_case> cases;
  for (field_map f = read_fields(file); !f.empty(); f = read_fields(file)) {
    const bytes aad = from_hex(f["AAD"]);
    auto c =
        esp_case(file_name + " number " + std::to_string(cases.size()), from_hex(f["Key"]), from_hex(f["IV"]), aad);
    if (!c || !add_text(*c, aad, from_hex(f["PT"]), from_hex(f["CT"]), from_hex(f["Tag"]))) continue;
    c->is_valid = f.count("FAIL") == 0;
    cases.push_back(std::move(*c));
  }
  return cases;
}

std::vector<gcm_case> wycheproof_cases() {
  std::ifstream file = open_file(SAPULSE_VECTORS "/wycheproof_aes_gcm.json");
  std::vector<gcm_case> cases;
  const nlohmann::json vectors = nlohmann::json::parse(file);
  for (const nlohmann::json& test : vectors.at("tests")) {
    const auto field = [&](const char* name) { return from_hex(test.at(name)); };
    auto c = esp_case("Wycheproof " + to_string(test.at("tcId")), field("key"), field("iv"), field("aad"));
    if (!c || !add_text(*c, field("aad"), field("msg"), field("ct"), field("tag"))) continue;
    c->is_valid = test.at("result") == "valid";
    cases.push_back(std::move(*c));
  }
  return cases;
}

}  // namespace sapulse::test
