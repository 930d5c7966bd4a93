// SPDX-License-Identifier: Apache-2.0
// Reactions that tell a URL, against a server of the test's own.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "reaction_fixture.h"
#include "url_reaction.h"

namespace sapulse::reactions::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Takes one request and answers it.
class OneRequestServer {
 public:
  OneRequestServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_.get(), 1), 0);
    EXPECT_EQ(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/hook?secret=1";
  }
  ~OneRequestServer() {
    if (thread_.joinable()) thread_.join();
  }
  OneRequestServer(const OneRequestServer&) = delete;
  OneRequestServer& operator=(const OneRequestServer&) = delete;

  void answer(const std::string& answer) {
    thread_ = std::thread([this, answer] {
      const FileDescriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      std::array<char, 4096> chunk{};
      while (request_.empty() || request_.back() != '}') {
        const ssize_t size = ::recv(client.get(), chunk.data(), chunk.size(), 0);
        if (size <= 0) return;
        request_.append(chunk.data(), static_cast<std::size_t>(size));
      }
      ::send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    });
  }
  [[nodiscard]] const std::string& url() const { return url_; }
  /// After the answer.
  const std::string& request() {
    thread_.join();
    return request_;
  }

 private:
  FileDescriptor listener_;
  std::string url_;
  std::string request_;
  std::thread thread_;
};

TEST(UrlReactionTest, PostsTheChange) {
  OneRequestServer server;
  server.answer("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n");
  const TestPatience patience;
  const auto done = UrlReaction(server.url()).react(change_of("<script>\"", Liveness::lost), patience.get());
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(*done, "HTTP status 204");
  const std::string& request = server.request();
  EXPECT_THAT(request, StartsWith("POST /hook?secret=1 HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Type: application/json\r\n"));
  const auto body = nlohmann::json::parse(request.substr(request.find("\r\n\r\n")));
  EXPECT_EQ(body.at("sa"), "<script>\"");
  EXPECT_EQ(body.at("to"), "lost");
}

TEST(UrlReactionTest, OtherStatusesAreFailures) {
  for (const char* status : {"500 No", "302 Found\r\nLocation: http://127.0.0.1:1/"}) {
    OneRequestServer server;
    server.answer(std::string("HTTP/1.1 ") + status + "\r\nContent-Length: 0\r\n\r\n");
    const TestPatience patience;
    const auto done = UrlReaction(server.url()).react(change_of("peer0"), patience.get());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, std::string("HTTP status ") + std::string(status).substr(0, 3));
  }
}

TEST(UrlReactionTest, AServerThatDoesNotAnswerIsLeftAlone) {
  const OneRequestServer server;  // accepts nobody
  const TestPatience patience(std::chrono::milliseconds(50));
  const auto late = UrlReaction(server.url()).react(change_of("peer0"), patience.get());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::timeout);
  const TestPatience ended;
  ended.call_off();
  const auto called_off = UrlReaction(server.url()).react(change_of("peer0"), ended.get());
  ASSERT_FALSE(called_off);
  EXPECT_EQ(called_off.error().message, "called off: the service ends");
}

TEST(UrlReactionTest, OtherProtocolsAreNotSpoken) {
  const TestPatience patience;
  const auto done = UrlReaction("file:///dev/null").react(change_of("peer0"), patience.get());
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("rotocol"));
}

TEST(UrlReactionTest, LogsGetSchemeAndHostOnly) {
  EXPECT_EQ(public_part("https://user:word@hooks.example.org:8443/secret?key=1").value(), "https://hooks.example.org");
  EXPECT_FALSE(public_part("file:///etc/passwd"));
  EXPECT_FALSE(public_part("https://"));
}

}  // namespace
}  // namespace sapulse::reactions::test
