// SPDX-License-Identifier: Apache-2.0
// A serving process is looked at from outside: what a core dump of it would hold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <random>
#include <string>
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

  /// Keys as bytes: those of the file, those of the control channel, the powers of H.
  [[nodiscard]] std::vector<Bytes> secrets() const {
    std::vector<Bytes> all;
    for (const SaDirection* half : {&in_, &out_}) {
      const auto derived = control_keys(*half, plain_).value();
      for (const auto part : {half->key.bytes(), half->integrity.bytes(), derived.key.bytes()}) add(part, all);
      for (std::size_t i = 0; i < derived.hash_powers.size(); i += 16)
        add(derived.hash_powers.bytes().subspan(i, 16), all);
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
  static void add(std::span<const std::uint8_t> secret, std::vector<Bytes>& all) {
    if (!secret.empty()) all.emplace_back(secret.begin(), secret.end());
  }

  SaDirection in_;
  SaDirection out_;
  bool plain_;
};

std::vector<SecretSa> random_sas(std::uint32_t spi, std::mt19937_64& random) {
  std::vector<SecretSa> sas;
  for (const bool plain : {false, true}) sas.emplace_back(spi += 2, 16, 0, plain, random);
  sas.emplace_back(spi += 2, 32, 0, false, random);
  sas.emplace_back(spi += 2, 32, 32, false, random);
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

  /// Where the bytes are in the memory of a process, in words.
  [[nodiscard]] static std::vector<std::string> find(pid_t process, const std::vector<Bytes>& wanted,
                                                     const std::function<bool(const Mapping&)>& where) {
    std::vector<std::string> found;
    read_memory(
        process, [&](const Mapping& mapping) { return mapping.is_writable() && where(mapping); },
        [&](const Mapping& mapping, std::span<const std::uint8_t> contents) {
          for (const Bytes& bytes : wanted) {
            const auto hit = std::ranges::search(contents, bytes);
            if (!hit.empty()) found.push_back(mapping.name + " +" + std::to_string(hit.begin() - contents.begin()));
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

  std::vector<Bytes> secrets{device_secret};
  for (const auto* sas : {&first, &added, &replaced}) {
    for (const SecretSa& sa : *sas) std::ranges::copy(sa.secrets(), std::back_inserter(secrets));
  }
  std::vector<Bytes> wanted = secrets;
  for (const Bytes& secret : secrets) {
    const std::string text = SecretSa::hex(secret);
    wanted.emplace_back(text.begin(), text.end());
  }
  const auto is_dumped = [](const Mapping& mapping) { return mapping.dumped; };
  const auto is_locked = [](const Mapping& mapping) { return mapping.locked; };
  EXPECT_THAT(find(served.process(), wanted, is_dumped), testing::IsEmpty());
  EXPECT_THAT(find(served.process(), secrets, is_locked), testing::Not(testing::IsEmpty()))
      << "the keys that the store keeps are where they belong, so the search finds what is there";
}

}  // namespace
}  // namespace sapulse::test
