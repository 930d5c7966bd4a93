// SPDX-License-Identifier: Apache-2.0
// What clients do to the socket of a service, on purpose or not.
#include <fcntl.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <barrier>
#include <csignal>
#include <random>
#include <thread>

#include "held_work.h"
#include "service_fixture.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

class ServerTest : public ServiceOnFakeCard {
 protected:
  void SetUp() override {
    ServiceOnFakeCard::SetUp();
    serve({});
  }
  void serve(const service::ServerOptions& options) {
    server_.reset();
    auto made = Server::create(socket_, *service_, options);
    ASSERT_TRUE(made) << made.error().message;
    server_ = std::move(*made);
  }
  /// Whether the service takes all of a text.
  bool send_all(RawClient& client, std::string_view text) {
    return turn_until([&] {
      text.remove_prefix(client.send(text));
      return text.empty();
    });
  }
  /// Whether it answers something that has this in it.
  bool answers(RawClient& client, std::string_view what) {
    return turn_until([&] { return client.receive() && client.received().find(what) != std::string::npos; });
  }
  /// A socket that somebody else has made; nobody listens.
  static FileDescriptor bound_socket(const std::filesystem::path& path) {
    FileDescriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) made = FileDescriptor();
    return made;
  }
};

TEST_F(ServerTest, AHalfClosedClientGetsItsAnswers) {
  RawClient client(socket_);
  client.send("{\"command\":\"ping\",\"sa\":\"sa256\",\"count\":2,\"interval_ns\":50000}\n{\"command\":\"info\"}\n");
  client.half_close();
  ASSERT_TRUE(turn_until([&] { return !client.receive(); })) << "and is let go afterwards";
  EXPECT_THAT(client.received(), HasSubstr("\"summary\":{\"sent\":2,\"answered\":2}"));
  EXPECT_THAT(client.received(), HasSubstr("\"info\""));
}

TEST_F(ServerTest, AHalfClosedWatcherIsToldOfChanges) {
  RawClient client(socket_);
  client.send("{\"command\":\"watch\"}\n");
  client.half_close();
  ASSERT_TRUE(turn_until([&] { return client.receive() && client.received().find("\"sas\"") != std::string::npos; }));
  const std::uint32_t number = endpoint_->sas().find(300)->number;
  ASSERT_TRUE(device_.deliver_event(probe_event(number, ProbeState::up, ProbeState::init, device_.now())));
  EXPECT_TRUE(
      turn_until([&] { return client.receive() && client.received().find("\"change\"") != std::string::npos; }));
}

TEST_F(ServerTest, ClientsAreLimited) {
  serve({.most_clients = 2});
  RawClient first(socket_);
  RawClient second(socket_);
  EXPECT_TRUE(serves(first) && serves(second));
  {
    RawClient third(socket_);
    EXPECT_TRUE(turn_until([&] { return !third.receive(); }));
    EXPECT_THAT(third.received(), HasSubstr("2 clients are connected"));
  }
  EXPECT_TRUE(serves(first) && serves(second));
  {
    RawClient goes(std::move(second));
  }
  RawClient fourth(socket_);
  EXPECT_TRUE(serves(fourth)) << "a place has become free";
}

TEST_F(ServerTest, WithoutFreeFileDescriptorsNewClientsAreTurnedAway) {
  RawClient first(socket_);
  ASSERT_TRUE(serves(first));
  RawClient second(socket_);  // waits to be accepted
  ASSERT_TRUE(second.connected());
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const FileDescriptor next(::dup(0));  // the lowest that is free
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(next.get()) + 1;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const bool turned_away = turn_until([&] { return !second.receive(); });
  EXPECT_TRUE(serves(first));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(turned_away);
  EXPECT_THAT(second.received(), HasSubstr("open files"));
  RawClient third(socket_);
  EXPECT_TRUE(serves(third));
}

TEST_F(ServerTest, GarbageEndsItsOwnClientOnly) {
  constexpr std::size_t kLongestLine = 100'000;
  serve({.longest_line = kLongestLine});
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::string noise(kLongestLine / 2, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  RawClient good(socket_);
  ASSERT_TRUE(serves(good));
  for (const std::string& garbage :
       {noise + "\n", std::string(1000, '\0') + "\n", std::string(kLongestLine / 2, '[') + "\n",
        std::string("{\"command\":\"info\xff\"}\n"), std::string("{\"command\":\"\\ud800\"}\n"), std::string("[]]\n"),
        std::string(kLongestLine + 1, 'x')}) {
    RawClient bad(socket_);
    std::size_t sent = 0;
    EXPECT_TRUE(turn_until([&] {
      sent += bad.send(std::string_view(garbage).substr(sent));
      return !bad.receive();
    })) << garbage.substr(0, 20);
    EXPECT_TRUE(serves(good)) << garbage.substr(0, 20);
  }
}

/// Whatever a client sends, and however long it takes to be read. Its requests keep their order.
TEST_F(ServerTest, ALongRequestIsReadBesideProbing) {
  constexpr std::size_t kLong = 1'000'000;
  HeldWork reading(device_);
  std::string read;
  serve({.parse = [&](std::string_view text) {
    const bool is_long = text.size() > kLong;
    if (is_long) reading.hold();
    read += is_long ? "long " : "short ";
    return service::parse_request(text);
  }});
  ASSERT_TRUE(endpoint_->monitor().watch(256, {.mode = ProbeMode::host, .interval = 10us, .multiplier = 3}));
  RawClient client(socket_);
  ASSERT_TRUE(send_all(
      client, "{\"command\":\"sa-list\",\"pad\":\"" + std::string(kLong, 'x') + "\"}\n" + "{\"command\":\"info\"}\n"));
  ASSERT_TRUE(answers(client, "\"info\""));
  EXPECT_TRUE(reading.was_probed());
  EXPECT_EQ(read, "long short ");
  EXPECT_LT(client.received().find("\"sas\""), client.received().find("\"info\""));
  answer();
}

TEST_F(ServerTest, ARequestHasFewFieldsAndNoneInThem) {
  const auto refused = [&](const std::string& request, std::string_view why) {
    SCOPED_TRACE(request.substr(0, 40));
    RawClient client(socket_);
    EXPECT_TRUE(send_all(client, request + "\n"));
    EXPECT_TRUE(answers(client, why)) << client.received();
    EXPECT_TRUE(serves(client)) << "is no reason to cut it off";
  };
  std::string many = "{\"command\":\"info\"";
  for (unsigned i = 0; i < 100'000; ++i) many += ",\"f" + std::to_string(i) + "\":0";
  refused(many + "}", "at most 32 fields");
  refused("{\"command\":\"info\",\"sa\":[1,2]}", "neither a list nor an object");
  refused("{\"command\":\"info\",\"sa\":{\"a\":{}}}", "neither a list nor an object");
  refused("[1,2]", "a request is a JSON object");
  refused("[[1],{\"command\":\"info\"}]", "neither a list nor an object");
  refused("5", "a request is a JSON object");
}

TEST_F(ServerTest, AClientThatDoesNotReadIsCutOffAlone) {
  serve({.most_unread = 1'000'000});
  RawClient good(socket_);
  RawClient deaf(socket_);
  ASSERT_TRUE(serves(good));
  std::string requests;
  for (unsigned i = 0; i < 1000; ++i) requests += "{\"command\":\"stats\"}\n";
  bool held = true;
  for (unsigned i = 0; i < 200 && held; ++i) {
    deaf.send(requests);
    turn();
    held = server_->clients() == 2;
  }
  EXPECT_FALSE(held);
  EXPECT_TRUE(serves(good));
}

/// As after a crash of the one, or when the other is held up.
TEST_F(ServerTest, ASocketWithAFullBacklogIsNeitherStaleNorWaitedFor) {
  const auto path = folder_.file("busy.sock");
  FileDescriptor busy = bound_socket(path);
  ASSERT_TRUE(busy);
  ASSERT_EQ(::listen(busy.get(), 0), 0);
  std::vector<RawClient> waiting;
  while (waiting.empty() || waiting.back().connected()) waiting.emplace_back(path);
  const auto server = Server::create(path, *service_);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Errc::exists);
  const auto client = service::Connection::open(path, 20ms);
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, Errc::timeout);
  busy = FileDescriptor();
  EXPECT_TRUE(Server::create(path, *service_)) << "now it is stale";
}

TEST_F(ServerTest, AnAnswerIsWaitedForAsLongAsIsSaid) {
  auto connection = service::Connection::open(socket_);
  ASSERT_TRUE(connection);
  ASSERT_TRUE(connection->send({{"command", "info"}}));
  const auto none = connection->receive(std::chrono::steady_clock::now() + 1ms);
  ASSERT_FALSE(none) << "nobody serves";
  EXPECT_EQ(none.error().code, Errc::timeout);
  turn();
  turn();
  const auto answer = connection->receive(std::chrono::steady_clock::now() + 1min);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(answer->contains("info"));
}

TEST_F(ServerTest, AGroupMayBeLetIn) {
  const group* own = ::getgrgid(::getegid());
  ASSERT_NE(own, nullptr);
  serve({.group = own->gr_name});
  struct stat status{};
  ASSERT_EQ(::stat(socket_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0660U);
  EXPECT_EQ(status.st_gid, ::getegid());
  const auto unknown = Server::create(folder_.file("other.sock"), *service_, {.group = "no-such-group"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::invalid_argument);
  EXPECT_THAT(unknown.error().message, HasSubstr("no-such-group"));
  EXPECT_FALSE(std::filesystem::exists(folder_.file("other.sock")));
}

TEST_F(ServerTest, AnotherProgramsSocketIsNotRemoved) {
  std::filesystem::rename(socket_, folder_.file("moved.sock"));
  const FileDescriptor other = bound_socket(socket_);
  ASSERT_TRUE(other);
  server_.reset();
  EXPECT_TRUE(std::filesystem::exists(socket_)) << "it is not ours";
}

/// As when a supervisor and an operator start it after a crash.
TEST_F(ServerTest, OfServicesThatStartAtOnceOneGetsTheSocket) {
  constexpr unsigned kServices = 4;
  constexpr unsigned kRounds = 50;
  const auto path = folder_.file("stale.sock");
  for (unsigned round = 0; round < kRounds; ++round) {
    ASSERT_TRUE(bound_socket(path)) << "left over from a service that has died";
    std::barrier start(kServices);
    std::array<std::unique_ptr<Server>, kServices> servers;
    std::array<std::thread, kServices> threads;
    for (unsigned i = 0; i < kServices; ++i) {
      threads[i] = std::thread([&, i] {
        start.arrive_and_wait();
        auto made = Server::create(path, *service_);
        if (made) servers[i] = std::move(*made);
        if (!made) EXPECT_EQ(made.error().code, Errc::exists) << made.error().message;
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(std::ranges::count_if(servers, [](const auto& server) { return server != nullptr; }), 1)
        << "round " << round;
    EXPECT_TRUE(RawClient(path).connected());
  }
}

TEST_F(ServerTest, AServiceThatIsJustStartingHasTheSocketAlready) {
  const auto path = folder_.file("stale.sock");
  ASSERT_TRUE(bound_socket(path));
  {
    const auto starting = service::SocketLock::take(path);
    ASSERT_TRUE(starting) << starting.error().message;
    const auto second = Server::create(path, *service_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::exists);
    EXPECT_THAT(second.error().message, HasSubstr("process " + std::to_string(::getpid())));
    EXPECT_EQ(std::filesystem::status(path.string() + ".lock").permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  EXPECT_TRUE(Server::create(path, *service_));
}

TEST_F(ServerTest, AServiceThatHasNotWrittenItsNumberYetIsNotNamed) {
  const auto path = folder_.file("early.sock");
  const FileDescriptor lock(::open((path.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_EQ(::flock(lock.get(), LOCK_EX | LOCK_NB), 0);
  const auto server = Server::create(path, *service_);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Errc::exists);
  EXPECT_THAT(server.error().message, testing::Not(HasSubstr("process")));
}

TEST_F(ServerTest, TheOtherServiceIsNamedAndItsDeathFreesTheSocket) {
  const auto path = folder_.file("other.sock");
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto server = Server::create(path, *service_);
    if (server) (void)::write(pipe[1], "x", 1);
    for (;;) ::pause();
  }
  char made = 0;
  ASSERT_EQ(::read(pipe[0], &made, 1), 1);
  const std::string process = "process " + std::to_string(child);
  const auto second = Server::create(path, *service_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::exists);
  EXPECT_THAT(second.error().message, HasSubstr(process));
  std::filesystem::remove(path.string() + ".lock");
  const auto third = Server::create(path, *service_);
  ASSERT_FALSE(third) << "who listens has it, lock or no lock";
  EXPECT_THAT(third.error().message, HasSubstr(process));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (const int end : pipe) ::close(end);
  EXPECT_TRUE(Server::create(path, *service_));
}

}  // namespace
}  // namespace sapulse::test
