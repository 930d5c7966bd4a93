// SPDX-License-Identifier: Apache-2.0
// A serving process is looked at from outside: what a core dump of it would hold.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "fake_device.h"
#include "folder.h"
#include "memory_map.h"
#include "sapulse/config.h"
#include "sapulse/control_keys.h"
#include "server.h"

namespace sapulse::test {
namespace {

using service::Connection;
using service::Json;
using service::Server;
using service::Service;
using Bytes = std::vector<std::uint8_t>;

/// A part of a secret that nothing else is likely to equal. What is left of a secret need not be whole: registers that
/// held it are saved on the stack eight or sixteen bytes at a time.
constexpr std::size_t kPieceBytes = 8;
using Piece = std::array<std::uint8_t, kPieceBytes>;
using Pieces = std::map<Piece, std::string>;

Piece piece_at(std::span<const std::uint8_t> bytes, std::size_t index) {
  Piece piece{};
  std::ranges::copy(bytes.subspan(index, kPieceBytes), piece.begin());
  return piece;
}

void take_pieces(std::span<const std::uint8_t> secret, std::size_t step, const std::string& what, Pieces& pieces) {
  for (std::size_t i = 0; i + kPieceBytes <= secret.size(); i += step) {
    pieces.emplace(piece_at(secret, i), fmt::format("bytes {} to {} of {}", i, i + kPieceBytes - 1, what));
  }
}

/// Serves SAs on a fake card, as `sapulse serve` does, until it is killed. What it reads comes from outside, so that
/// its memory has nothing of the test's.
class ServingProcess {
 public:
  explicit ServingProcess(const std::filesystem::path& folder) : folder_(folder), process_(::fork()) {
    if (process_ == 0) _exit(serve());
  }
  ~ServingProcess() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  ServingProcess(const ServingProcess&) = delete;
  ServingProcess& operator=(const ServingProcess&) = delete;

  [[nodiscard]] pid_t process() const { return process_; }

  /// The first line of the answer to a request; null if the process has ended.
  [[nodiscard]] Json ask(const Json& request) const {
    for (;;) {
      if (::waitpid(process_, nullptr, WNOHANG) != 0) return {};
      auto connection = Connection::open(folder_ / "socket");
      if (!connection) continue;  // it has not got so far
      if (!connection->send(request)) return {};
      return connection->receive().value_or(Json());
    }
  }

  /// Its memory does not change any more.
  void freeze() const {
    ::kill(process_, SIGSTOP);
    ::waitpid(process_, nullptr, WUNTRACED);
  }

 private:
  int serve() const {
    const auto file = folder_ / "sas.yaml";
    while (!std::filesystem::exists(file)) ::usleep(1000);
    FakeDevice device(64, 0, FakeDevice::kAll);
    // The card's tables are not memory of the process.
    device.executed = [&](const regs::ConstCommand&) { device.forget_keys(); };
    std::unique_ptr<Endpoint> endpoint;
    {
      const auto config = load_config(file, 64);
      if (!config) return fail(config.error());
      auto opened = Endpoint::open(device, *config, {.state = folder_ / "state"});
      if (!opened) return fail(opened.error());
      endpoint = std::move(*opened);
    }
    Service service(*endpoint);
    const auto server = Server::create(folder_ / "socket", service);
    if (!server) return fail(server.error());
    for (;;) {
      const auto done = service.poll().and_then([&] { return (*server)->poll(std::chrono::milliseconds(1)); });
      if (!done) return fail(done.error());
    }
  }

  static int fail(const Error& error) {
    std::fprintf(stderr, "serving process: %s\n", error.message.c_str());
    return 1;
  }

  std::filesystem::path folder_;
  pid_t process_;
};

/// An SA of random keys, and everything that must not be found of it.
class SecretSa {
 public:
  SecretSa(std::uint32_t spi, std::size_t key, std::size_t integrity, bool plain, std::mt19937_64& random)
      : plain_(plain) {
    for (SaDirection* half : {&in_, &out_}) {
      half->spi = spi++;
      half->key = Key(draw(key, random));
      if (integrity == 0) half->salt = Salt(draw(4, random));
      half->integrity = Key(draw(integrity, random));
    }
  }

  [[nodiscard]] std::string yaml() const {
    return "  - {name: sa" + std::to_string(in_.spi) + ", local: \"192.0.2.1\", peer: \"198.51.100.1\"" +
           (plain_ ? ", plain: true" : "") + ", in: {" + fields(in_) + "}, out: {" + fields(out_) + "}}\n";
  }

  /// Keys as bytes, with what they are: those of the file, those of the control channel, the powers of H.
  [[nodiscard]] std::vector<std::pair<std::string, Bytes>> secrets() const {
    std::vector<std::pair<std::string, Bytes>> all;
    for (const SaDirection* half : {&in_, &out_}) {
      const auto add = [&](const char* what, std::span<const std::uint8_t> secret) {
        all.emplace_back(fmt::format("the {} of SPI {}", what, half->spi), Bytes(secret.begin(), secret.end()));
      };
      const auto derived = control_keys(*half, plain_).value();
      add("key", half->key.bytes());
      add("integrity key", half->integrity.bytes());
      add("control key", derived.key.bytes());
      add("powers of H", derived.hash_powers.bytes());
    }
    return all;
  }

  static std::string hex(std::span<const std::uint8_t> bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) text += {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
    return text;
  }
  static Bytes draw(std::size_t size, std::mt19937_64& random) {
    Bytes bytes(size);
    std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(random()); });
    return bytes;
  }

 private:
  static std::string fields(const SaDirection& half) {
    std::string text = "spi: " + std::to_string(half.spi) + ", key: \"" + hex(half.key.bytes()) + "\"";
    if (!half.salt.empty()) text += ", salt: \"" + hex(half.salt.bytes()) + "\"";
    if (!half.integrity.empty()) text += ", integrity: \"" + hex(half.integrity.bytes()) + "\"";
    return text;
  }

  SaDirection in_;
  SaDirection out_;
  bool plain_;
};

std::vector<SecretSa> random_sas(std::uint32_t spi, std::mt19937_64& random) {
  std::vector<SecretSa> sas;
  for (const bool plain : {false, true}) sas.emplace_back(spi += 2, 16, 0, plain, random);
  for (const std::size_t integrity : {0, 32}) sas.emplace_back(spi += 2, 32, integrity, false, random);
  return sas;
}

std::string file_of(const std::vector<SecretSa>& sas, const std::string& head = "local: [\"192.0.2.1\"]\n") {
  std::string text = head + "sas:\n";
  for (const SecretSa& sa : sas) text += sa.yaml();
  return text;
}

class CoreDumpTest : public testing::Test {
 protected:
  void SetUp() override { RecordProperty("seed", std::to_string(seed_)); }

  /// Gives the process its configuration.
  void configure(const std::string& text) const {
    std::ofstream(folder_.path() / "new") << text;
    std::filesystem::permissions(folder_.path() / "new",
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::rename(folder_.path() / "new", folder_.path() / "sas.yaml");
  }

  /// Where pieces of the secrets are in the memory of a process, in words.
  [[nodiscard]] static std::vector<std::string> find(pid_t process, const Pieces& wanted,
                                                     const std::function<bool(const Mapping&)>& where) {
    std::vector<std::string> found;
    read_memory(
        process, [&](const Mapping& mapping) { return mapping.is_writable() && where(mapping); },
        [&](const Mapping& mapping, std::span<const std::uint8_t> contents) {
          for (std::size_t i = 0; i + kPieceBytes <= contents.size(); ++i) {
            const auto piece = wanted.find(piece_at(contents, i));
            if (piece != wanted.end()) found.push_back(fmt::format("{} +{:#x}: {}", mapping.name, i, piece->second));
          }
        });
    return found;
  }

  Folder folder_;
  std::uint64_t seed_ = std::random_device{}();
};

TEST_F(CoreDumpTest, AttackOnTheCoreDumpFindsNoKey) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  std::mt19937_64 random(seed_);
  const ServingProcess served(folder_.path());  // before there is any key
  const auto first = random_sas(1000, random);
  const auto added = random_sas(2000, random);
  const auto replaced = random_sas(2000, random);
  const Bytes device_secret = SecretSa::draw(32, random);

  configure(file_of(first, "local: [\"192.0.2.1\"]\nsecret: \"" + SecretSa::hex(device_secret) + "\"\n"));
  const auto add = [&](const std::vector<SecretSa>& sas, bool replace) {
    return served.ask({{"command", "sa-add"}, {"file", "more"}, {"config", file_of(sas)}, {"replace", replace}});
  };
  ASSERT_EQ(add(added, false).value("added", 0), 4);
  ASSERT_EQ(add(replaced, true).value("added", 0), 4);
  ASSERT_TRUE(add(added, false).contains("error")) << "they are there already";
  ASSERT_EQ(served.ask({{"command", "sa-del"}, {"sa", "1002"}}).value("deleted", 0), 1);
  served.freeze();

  Pieces secrets;
  Pieces texts;
  const auto add_pieces = [&](const Bytes& secret, const std::string& what) {
    take_pieces(secret, 1, what, secrets);
    const std::string text = SecretSa::hex(secret);
    take_pieces(Bytes(text.begin(), text.end()), 2, what + ", in digits", texts);
  };
  add_pieces(device_secret, "the card's secret");
  for (const auto* sas : {&first, &added, &replaced}) {
    for (const SecretSa& sa : *sas) {
      for (const auto& [what, secret] : sa.secrets()) add_pieces(secret, what);
    }
  }
  Pieces wanted = secrets;
  wanted.merge(Pieces(texts));
  const auto is_dumped = [](const Mapping& mapping) { return mapping.dumped; };
  const auto is_locked = [](const Mapping& mapping) { return mapping.locked; };
  EXPECT_THAT(find(served.process(), wanted, is_dumped), testing::IsEmpty());
  EXPECT_THAT(find(served.process(), secrets, is_locked), testing::Not(testing::IsEmpty()))
      << "the keys that the store keeps are where they belong, so the search finds what is there";
}

}  // namespace
}  // namespace sapulse::test
