// SPDX-License-Identifier: Apache-2.0
// The service and its socket, over a simulated card with its peer.
#include "service.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

#include "local_card.h"
#include "sapulse/config.h"
#include "server.h"

namespace sapulse::command {
namespace {

using service::Connection;
using service::Json;
using service::Server;
using service::Service;
using ::testing::HasSubstr;

constexpr const char* kKey = "000102030405060708090a0b0c0d0e0f";

std::string config_of(const std::string& sas) { return "local: [\"192.0.2.1\"]\nsas:\n" + sas; }

std::string sa(const std::string& name, unsigned spi) {
  const std::string in = std::to_string(spi);
  const std::string out = std::to_string(spi + 1);
  return "  - {name: " + name + ", local: \"192.0.2.1\", peer: \"198.51.100.1\", in: {spi: " + in + ", key: " + kKey +
         ", salt: \"a0a1a2a3\"}, out: {spi: " + out + ", key: " + kKey + ", salt: \"b0b1b2b3\"}}\n";
}

class ServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    auto config = parse_config(config_of(sa("peer0", 1000) + sa("peer1", 2000)), "test", 1024);
    ASSERT_TRUE(config) << config.error().message;
    auto opened = LocalCard::open({.device = *DeviceAddress::parse("sim")}, std::move(*config));
    ASSERT_TRUE(opened) << opened.error().message;
    card_ = std::move(*opened);
    service_ = std::make_unique<Service>(card_->endpoint());
    socket_ = std::filesystem::path(testing::TempDir()) / ("sapulse-" + std::to_string(getpid()) + ".sock");
    auto made = Server::create(socket_, *service_);
    ASSERT_TRUE(made) << made.error().message;
    server_ = std::move(*made);
  }

  /// Sends a request straight to the service and collects the answer.
  std::vector<Json> ask(const Json& request) {
    std::vector<Json> lines;
    bool done = false;
    service_->handle(0, request, [&](const Json& line, bool last) {
      lines.push_back(line);
      done = last;
    });
    while (!done) turn();
    return lines;
  }

  void turn() {
    ASSERT_TRUE(service_->poll());
    ASSERT_TRUE(server_->poll(std::chrono::milliseconds(0)));
    ASSERT_TRUE(card_->sleep(service_->next_due(), std::chrono::milliseconds(1)));
  }

  /// Runs a client in a thread of its own while the service goes on.
  void with_client(const std::function<void()>& client) {
    std::atomic<bool> done = false;
    std::thread thread([&] {
      client();
      done = true;
    });
    while (!done) turn();
    thread.join();
  }

  std::unique_ptr<LocalCard> card_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Server> server_;
  std::filesystem::path socket_;
};

TEST_F(ServiceTest, AnswersPingsOfAnSaByNameOrSpi) {
  for (const char* name : {"peer1", "2000", "0x7d0"}) {
    const auto lines =
        ask({{"command", "ping"}, {"sa", name}, {"count", 2}, {"interval_ns", 1000}, {"timeout_ns", 100000}});
    ASSERT_EQ(lines.size(), 3U) << name;
    EXPECT_TRUE(lines[0]["ping"]["answered"].get<bool>());
    EXPECT_GT(lines[0]["ping"]["rtt_ns"].get<unsigned>(), 300U);
    EXPECT_EQ(lines[0]["ping"]["frame_bytes"], 166);
    EXPECT_EQ(lines[2]["summary"]["answered"], 2);
  }
}

TEST_F(ServiceTest, SearchesThePathMtu) {
  const auto lines = ask({{"command", "mtu"}, {"sa", "peer0"}, {"most", 1500}, {"timeout_ns", 50000}});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0]["mtu"]["passed_bytes"], 1500) << lines[0];
}

TEST_F(ServiceTest, ListsAddsAndRemovesSas) {
  EXPECT_EQ(ask({{"command", "sa-list"}})[0]["sas"].size(), 2U);
  const Json add{{"command", "sa-add"}, {"file", "new.yaml"}, {"config", config_of(sa("peer2", 3000))}};
  EXPECT_EQ(ask(add)[0]["added"], 1);
  EXPECT_EQ(ask(add)[0]["error"]["code"], "exists");
  EXPECT_EQ(ask({{"command", "sa-list"}})[0]["sas"].size(), 3U);
  EXPECT_EQ(ask({{"command", "sa-del"}, {"sa", "peer2"}})[0]["deleted"], 1);
  EXPECT_EQ(ask({{"command", "sa-del"}, {"sa", "peer2"}})[0]["error"]["code"], "not_found");
}

TEST_F(ServiceTest, ReplacesOnImport) {
  Json add{{"command", "sa-add"}, {"file", "new.yaml"}, {"config", config_of(sa("renamed", 1000))}, {"replace", true}};
  EXPECT_EQ(ask(add)[0]["added"], 1);
  EXPECT_EQ(ask({{"command", "sa-list"}})[0]["sas"].size(), 2U);
  EXPECT_EQ(ask({{"command", "stats"}, {"sa", "renamed"}})[0]["statistics"]["accepted"], 0);
}

TEST_F(ServiceTest, CountersAreThoseOfTheCard) {
  (void)ask({{"command", "ping"}, {"sa", "peer0"}, {"timeout_ns", 100000}});
  const auto lines = ask({{"command", "stats"}});
  EXPECT_EQ(lines[0]["counters"]["requests"], 1);
  EXPECT_EQ(lines[0]["counters"]["replies"], 1);
  EXPECT_EQ(ask({{"command", "stats"}, {"sa", "peer0"}})[0]["statistics"]["accepted"], 1);
}

TEST_F(ServiceTest, NothingOfAKeyComesOut) {
  for (const char* command : {"info", "stats", "sa-list"}) {
    EXPECT_THAT(ask({{"command", command}})[0].dump(), testing::Not(HasSubstr(kKey)));
  }
  const Json bad{{"command", "sa-add"}, {"file", "new.yaml"}, {"config", config_of(std::string("  - ") + kKey + "\n")}};
  const auto line = ask(bad)[0];
  EXPECT_EQ(line["error"]["code"], "parse_error");
  EXPECT_THAT(line.dump(), testing::Not(HasSubstr(kKey)));
}

TEST_F(ServiceTest, BadRequestsAreAnsweredWithWhatIsWrong) {
  const std::vector<std::pair<Json, std::string>> requests{
      {Json::array(), "JSON object"},
      {Json::object(), "command: expected text"},
      {{{"command", "fly"}}, "'fly' is not known"},
      {{{"command", "ping"}}, "sa: expected text"},
      {{{"command", "ping"}, {"sa", "nobody"}}, "no SA is called 'nobody'"},
      {{{"command", "ping"}, {"sa", "peer0"}, {"count", 0}}, "count: expected a number from 1"},
      {{{"command", "ping"}, {"sa", "peer0"}, {"data_bytes", 100000}}, "data_bytes"},
      {{{"command", "ping"}, {"sa", "peer0"}, {"timeout_ns", -1}}, "timeout_ns"},
      {{{"command", "sa-add"}, {"file", "f"}}, "config: expected text"},
      {{{"command", "sa-admin"}, {"sa", "peer0"}, {"down", 1}}, "down: expected true or false"}};
  for (const auto& [request, what] : requests) {
    const auto lines = ask(request);
    ASSERT_EQ(lines.size(), 1U) << request;
    EXPECT_THAT(lines[0]["error"]["message"].get<std::string>(), HasSubstr(what));
  }
}

TEST_F(ServiceTest, SeveralClientsAreServedOnTheSocket) {
  with_client([&] {
    auto first = Connection::open(socket_);
    auto second = Connection::open(socket_);
    ASSERT_TRUE(first && second);
    ASSERT_TRUE(first->send({{"command", "watch"}}));
    ASSERT_TRUE(second->send({{"command", "ping"}, {"sa", "peer0"}, {"timeout_ns", 100000}}));
    ASSERT_TRUE(second->send({{"command", "info"}}));
    EXPECT_FALSE(first->receive()->at("last").get<bool>());
    bool info = false;
    bool summary = false;
    while (!info || !summary) {
      const auto line = second->receive();
      ASSERT_TRUE(line);
      info = info || line->contains("info");
      summary = summary || line->contains("summary");
    }
  });
}

TEST_F(ServiceTest, AClientThatTalksNonsenseIsCutOffAlone) {
  with_client([&] {
    auto good = Connection::open(socket_);
    ASSERT_TRUE(good);
    const int bad = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_GE(bad, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_.string().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::connect(bad, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::send(bad, "GET /\n", 6, 0), 6);
    std::string answer;
    char buffer[256];
    for (ssize_t size = 0; (size = ::recv(bad, buffer, sizeof buffer, 0)) > 0;)
      answer.append(buffer, static_cast<std::size_t>(size));
    ::close(bad);
    EXPECT_THAT(answer, HasSubstr("not JSON"));
    ASSERT_TRUE(good->send({{"command", "info"}}));
    EXPECT_TRUE(good->receive()->contains("info"));
  });
}

TEST_F(ServiceTest, OnlyItsUserGetsAtTheSocket) {
  struct stat status{};
  ASSERT_EQ(::stat(socket_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(ServiceTest, ASecondServiceIsRefusedAndADeadOnesSocketIsTaken) {
  const auto second = Server::create(socket_, *service_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::exists);
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(socket_));
  // What a killed service leaves behind.
  const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_GE(dead, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_.string().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(dead);
  EXPECT_TRUE(Server::create(socket_, *service_));
}

TEST_F(ServiceTest, WithoutAServiceTheClientIsToldWhatToDo) {
  const auto connection = Connection::open("/nowhere/sapulse.sock");
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().code, Errc::not_found);
  EXPECT_THAT(connection.error().message, HasSubstr("sapulse serve"));
}

}  // namespace
}  // namespace sapulse::command
