// SPDX-License-Identifier: Apache-2.0
// A small web server.
#pragma once

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "http_request.h"
#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"
#include "sapulse/http_settings.h"

namespace sapulse::metrics {

/// What is sent back.
struct HttpAnswer {
  int status = 200;
  const char* type = "text/plain; charset=utf-8";
  std::shared_ptr<const std::string> body;  ///< not nullptr; may be sent to several clients
};

/// Serves documents to GET and HEAD, in a thread of its own; one connection is one request. As many clients as the
/// settings say are served at a time, the others wait; whoever stands still for some seconds is let go. Where it
/// listens on a loopback address, requests that name another host are refused: they come from pages that want to read
/// what is for this computer alone (DNS rebinding).
class HttpServer {
 public:
  /// By path, "/metrics". Called in the thread of the server, one at a time.
  using Documents = std::map<std::string, std::function<HttpAnswer()>, std::less<>>;

  /// Errors: io_error (the address is not to be had).
  static Result<std::unique_ptr<HttpServer>> start(const HttpSettings& settings, Documents documents);
  /// Ends at once but for a document that is being made.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// http://127.0.0.1:9753/
  [[nodiscard]] std::string url() const;

 private:
  using Clock = std::chrono::steady_clock;

  struct Client {
    FileDescriptor socket;
    Clock::time_point deadline;
    std::string received{};
    std::string headers{};
    std::shared_ptr<const std::string> body{};  // nullptr: the request is not complete
    std::size_t sent = 0;                       // of both
    bool done = false;
  };

  HttpServer(const HttpSettings& settings, Documents documents, FileDescriptor listener, std::uint16_t port);
  void run();
  [[nodiscard]] std::vector<pollfd> events() const;
  [[nodiscard]] std::chrono::nanoseconds patience() const;
  void accept_client();
  void receive(Client& client);
  void handle(Client& client, const HttpRequest& request);
  [[nodiscard]] HttpAnswer answer(const HttpRequest& request) const;
  static void send(Client& client);

  HttpSettings settings_;
  Documents documents_;
  bool is_local_;
  FileDescriptor listener_;
  std::uint16_t port_;
  FileDescriptor stop_;           // readable from the end on
  Clock::time_point accepts_at_;  // not before
  std::list<Client> clients_;
  std::thread thread_;
};

}  // namespace sapulse::metrics
