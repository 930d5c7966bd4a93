// SPDX-License-Identifier: Apache-2.0
// A service on a Unix socket: one JSON object per line, in both directions.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"
#include "service.h"

namespace sapulse::service {

/// Accepts clients. A client that sends no JSON, sends a line of more than `longest_line` bytes or does not read its
/// answers is cut off; the others do not notice. Only the user that runs the service gets in: the socket has mode 0600.
/// Not thread-safe.
class Server {
 public:
  static constexpr std::size_t kLongestLine = 16U << 20;
  static constexpr std::size_t kMostUnread = 64U << 20;

  /// Makes the socket; one that is left over from a service that has died is removed. Errors: io_error (the message
  /// names the path), exists (a service is running there).
  static Result<std::unique_ptr<Server>> create(const std::filesystem::path& path, Service& service);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Takes what has arrived and sends what can be sent; waits at most `timeout` for something to do. Errors: io_error.
  Result<void> poll(std::chrono::milliseconds timeout);

 private:
  struct Client {
    FileDescriptor descriptor;
    std::string received;  // without the lines that have been handled
    std::string unsent;
    bool gone = false;
  };

  Server(std::filesystem::path path, FileDescriptor listener, Service& service)
      : path_(std::move(path)), listener_(std::move(listener)), service_(service) {}
  void accept_clients();
  void receive(std::uint64_t id, Client& client);
  void handle_line(std::uint64_t id, Client& client, const std::string& line);
  static void send(Client& client);

  std::filesystem::path path_;
  FileDescriptor listener_;
  Service& service_;
  std::map<std::uint64_t, std::unique_ptr<Client>> clients_;
  std::uint64_t next_id_ = 0;
};

/// The other side: sends one request.
class Connection {
 public:
  /// Errors: not_found (no service there), io_error.
  static Result<Connection> open(const std::filesystem::path& path);

  /// Sends a request. Errors: io_error.
  Result<void> send(const Json& request);
  /// Waits for the next line of the answer. Errors: io_error (the service has gone), parse_error.
  Result<Json> receive();

 private:
  explicit Connection(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {}

  FileDescriptor descriptor_;
  std::string received_;
};

}  // namespace sapulse::service
