// SPDX-License-Identifier: Apache-2.0
// A service with its socket over a fake card with two SAs, one of them watched.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <memory>
#include <string>
#include <vector>

#include "ask.h"
#include "asking_card.h"
#include "folder.h"
#include "sapulse/file_descriptor.h"
#include "server.h"
#include "service.h"

namespace sapulse::test {

using namespace std::chrono_literals;
using service::Json;
using service::Server;
using service::Service;

/// A client that never waits.
class RawClient {
 public:
  explicit RawClient(const std::filesystem::path& path)
      : descriptor_(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    connected_ = ::connect(descriptor_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  [[nodiscard]] bool connected() const { return connected_; }
  /// Bytes that the socket has taken.
  std::size_t send(std::string_view text) const {
    const ssize_t size = ::send(descriptor_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    return size < 0 ? 0 : static_cast<std::size_t>(size);
  }
  void half_close() const { ::shutdown(descriptor_.get(), SHUT_WR); }
  /// Takes what has arrived; true while the service holds the connection.
  bool receive() {
    std::array<char, 65536> chunk{};
    for (;;) {
      const ssize_t size = ::recv(descriptor_.get(), chunk.data(), chunk.size(), 0);
      if (size > 0) received_.append(chunk.data(), static_cast<std::size_t>(size));
      if (size == 0 || (size < 0 && errno != EAGAIN)) return false;
      if (size < 0) return true;
    }
  }
  [[nodiscard]] const std::string& received() const { return received_; }

 private:
  FileDescriptor descriptor_;
  bool connected_ = false;
  std::string received_;
};

class ServiceOnFakeCard : public testing::Test {
 protected:
  static constexpr unsigned kTurns = 2000;  ///< enough for everything that comes by itself

  void SetUp() override {
    Config config;
    config.card.local = {IpAddress::v4(0xc0000201)};
    SaParameters watched = make_peer(300);
    watched.liveness = LivenessSettings{.interval = 10us, .multiplier = 3, .jitter_percent = 0};
    config.sas = {make_peer(256), watched};
    open(config, {});
    service_ = std::make_unique<Service>(*endpoint_);
    std::filesystem::create_directory(folder_.state());
    socket_ = folder_.file("sapulse.sock");
    answer();
  }
  void TearDown() override {
    server_.reset();
    service_.reset();
    endpoint_.reset();
    EXPECT_THAT(device_.violations, testing::IsEmpty());
  }
  void open(const Config& config, const EndpointOptions& options) {
    auto opened = Endpoint::open(device_, config, options);
    ASSERT_TRUE(opened) << opened.error().message;
    endpoint_ = std::move(*opened);
  }
  void answer() {
    device_.requester.answer = [](const FakePing& ping) { return FakeReply{.n = 100 + ping.n, .telemetry = {}}; };
  }
  void turn() {
    ASSERT_TRUE(service_->poll());
    if (server_) ASSERT_TRUE(server_->poll(0ms));
    ASSERT_TRUE(endpoint_->wait(1us));
  }
  /// Lets the service go on until something has happened; false if it does not.
  template <class Condition>
  bool turn_until(Condition condition) {
    for (unsigned i = 0; i < kTurns; ++i) {
      if (condition()) return true;
      turn();
    }
    return condition();
  }
  std::vector<Json> ask(const Json& request) {
    return test::ask(*service_, request, [this](auto done) { return turn_until(done); });
  }
  /// Whether a client that has come earlier is still served.
  bool serves(RawClient& client) {
    const std::size_t before = client.received().size();
    client.send("{\"command\":\"info\"}\n");
    return turn_until(
        [&] { return client.receive() && client.received().find("\"info\"", before) != std::string::npos; });
  }

  const Folder folder_;
  FakeDevice device_{2048, 0, FakeDevice::kAll};
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Server> server_;
  std::filesystem::path socket_;
};

}  // namespace sapulse::test
