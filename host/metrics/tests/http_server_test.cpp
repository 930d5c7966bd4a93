// SPDX-License-Identifier: Apache-2.0
// The web server: who gets what.
#include "http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "http_client.h"

namespace sapulse::metrics::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

HttpAnswer text(const std::string& content) { return {.body = std::make_shared<const std::string>(content)}; }

class HttpServerTest : public testing::Test {
 protected:
  void start(HttpServer::Documents documents, unsigned clients = 2) {
    HttpSettings settings;
    settings.port = 0;
    settings.clients = clients;
    auto started = HttpServer::start(settings, std::move(documents));
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  std::string get(const std::string& path, const std::string& host = "localhost", const std::string& method = "GET") {
    return test::get(server_->port(), path, host, method);
  }

  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, GivesDocumentsAway) {
  const std::string large(300'000, 'x');
  start({{"/a", [] { return text("hello"); }}, {"/b", [&] { return text(large); }}});
  const std::string answer = get("/a?query=1");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: default-src 'none';"));
  EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_EQ(body_of(answer), "hello");
  EXPECT_EQ(body_of(get("/b")), large);
  EXPECT_EQ(body_of(get("/a", "localhost", "HEAD")), "");
  EXPECT_THAT(get("/a", "localhost", "POST"), StartsWith("HTTP/1.1 405"));
  for (const char* path : {"/", "/nothing", "/../etc/passwd", "/%2e%2e/etc/passwd", "/a/b"}) {
    EXPECT_THAT(get(path), StartsWith("HTTP/1.1 404")) << path;
  }
}

TEST_F(HttpServerTest, OnLoopbackOtherNamesAreRefused) {
  start({{"/a", [] { return text("hello"); }}});
  for (const char* host : {"localhost", "localhost:9753", "127.0.0.1", "127.0.0.1:1", "[::1]:80"}) {
    EXPECT_EQ(body_of(get("/a", host)), "hello") << host;
  }
  for (const char* host : {"attacker.example.org", "attacker.example.org:9753", "127.0.0.1.example.org", "[", ""}) {
    EXPECT_THAT(get("/a", host), StartsWith("HTTP/1.1 403")) << host;
  }
}

TEST_F(HttpServerTest, ClientsThatSayNothingHoldUpNobodyButWhoIsOverTheLimit) {
  start({{"/a", [] { return text("hello"); }}}, 3);
  FileDescriptor first = connect_to(server_->port());
  const FileDescriptor second = connect_to(server_->port());
  send_text(second, "GET /a HTT");
  EXPECT_EQ(body_of(get("/a")), "hello");
  const FileDescriptor third = connect_to(server_->port());
  const FileDescriptor fourth = connect_to(server_->port());
  send_text(fourth, "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
  pollfd answered{fourth.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&answered, 1, 50), 0) << "three are served at a time";
  first = FileDescriptor();
  EXPECT_EQ(body_of(receive_all(fourth)), "hello");
}

TEST_F(HttpServerTest, WhatIsNoRequestIsRefused) {
  start({{"/a", [] { return text("hello"); }}});
  const std::string host = "\r\nHost: localhost\r\n\r\n";
  for (const std::string& noise :
       {"GET /a" + host, "GET a HTTP/1.1" + host, "GET http://localhost/a HTTP/1.1" + host, "\r\n\r\n" + host,
        std::string(10'000, 'x'), "GET /a SIP/2.0" + host, std::string(100, '\0') + host}) {
    const FileDescriptor socket = connect_to(server_->port());
    send_text(socket, noise);
    EXPECT_THAT(receive_all(socket), StartsWith("HTTP/1.1 400")) << noise.substr(0, 30);
  }
  EXPECT_EQ(body_of(get("/a")), "hello");
}

TEST_F(HttpServerTest, ARequestMayComeInPieces) {
  start({{"/a", [] { return text("hello"); }}});
  const FileDescriptor socket = connect_to(server_->port());
  for (const char c : std::string("GET /a?b=/c HTTP/1.0\r\nx: y\r\nhOST: \tlocalhost:80 \r\n\r\n")) {
    send_text(socket, std::string(1, c));
  }
  EXPECT_EQ(body_of(receive_all(socket)), "hello");
}

TEST_F(HttpServerTest, EndsAtOnceWhileClientsAreThere) {
  std::string large;
  large.resize(50'000'000, 'x');
  start({{"/a", [&] { return text(large); }}});
  const FileDescriptor silent = connect_to(server_->port());
  const FileDescriptor deaf = connect_to(server_->port());
  send_text(deaf, "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
  std::array<char, 1> first{};
  ASSERT_EQ(::recv(deaf.get(), first.data(), first.size(), 0), 1);
  server_.reset();
  EXPECT_LT(receive_all(deaf).size(), large.size());
}

TEST_F(HttpServerTest, AnAddressThatIsTakenIsRefused) {
  start({});
  HttpSettings settings;
  settings.port = server_->port();
  const auto second = HttpServer::start(settings, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::io_error);
  EXPECT_THAT(second.error().message, StartsWith("http: 127.0.0.1:"));
}

}  // namespace
}  // namespace sapulse::metrics::test
