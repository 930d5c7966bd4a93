// SPDX-License-Identifier: Apache-2.0
// A service on a Unix socket: one JSON object per line, in both directions.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "client_access.h"
#include "request.h"
#include "request_handler.h"
#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"
#include "service.h"
#include "socket_lock.h"

namespace sapulse::service {

struct ServerOptions {
  std::size_t most_clients = 256;  ///< at a time; others are told so and let go
  /// Members of this group get in, too: the socket is theirs and has mode 0660. Empty: only the user who runs the
  /// service does, mode 0600.
  std::string group{};
  /// Members of this group get in, too, but may only look. The socket then has mode 0666, and who is in neither group
  /// is told so. Empty: nobody may only look.
  std::string watch_group{};
  std::size_t longest_line = 16U << 20;  ///< bytes of a request; who sends more is cut off
  std::size_t most_unread = 64U << 20;   ///< bytes of answers; who leaves more unread is cut off
  /// Reads a request, with the errors of parse_request(); those that are not short in a thread of its own. For tests,
  /// which hold it.
  std::function<Result<Json>(std::string_view text)> parse = parse_request;
};

/// Accepts clients. A client that sends no JSON, sends a line that is too long or does not read its answers is cut off;
/// the others do not notice; nor do the card's probes notice how much somebody sends. One that has closed its sending
/// half is answered to the end. Not thread-safe.
class Server {
 public:
  /// Makes the socket; one that is left over from a service that has died is removed. Of several that try at once, one
  /// succeeds (SocketLock). Errors: io_error (the message names the path), exists (a service is running there; the
  /// message names its process), invalid_argument (path too long, no such group).
  static Result<std::unique_ptr<Server>> create(const std::filesystem::path& path, RequestHandler& handler,
                                                const ServerOptions& options = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Takes what has arrived and sends what can be sent. Sleeps before, until there is something to do, one of the
  /// descriptors `wake` is readable (those below 0 never are), a signal has come, or `timeout` is over. Errors:
  /// io_error.
  Result<void> poll(std::chrono::nanoseconds timeout, std::span<const int> wake = {});

  [[nodiscard]] std::size_t clients() const { return clients_.size(); }

 private:
  struct Client {
    FileDescriptor descriptor;
    Access access = Access::watch;
    std::string received;  // without the lines that have been handled
    std::string unsent;
    std::size_t unanswered = 0;  // requests
    bool sends_no_more = false;
    bool gone = false;
  };

  Server(std::filesystem::path path, SocketLock lock, FileDescriptor listener, RequestHandler& handler,
         const ServerOptions& options, const ClientAccess& access);
  void accept_clients();
  /// Tells a client why it cannot be served, as far as its socket takes it at once.
  static void turn_away(const FileDescriptor& descriptor, const Error& why);
  /// Takes a client for which no file descriptor is left, and turns it away.
  void accept_with_spare();
  void receive(std::uint64_t id, Client& client);
  void handle_line(std::uint64_t id, Client& client, const std::string& line);
  static void send(Client& client);

  std::filesystem::path path_;
  SocketLock lock_;
  FileDescriptor listener_;
  ClientAccess access_;
  FileDescriptor spare_;  // given up to turn a client away when the process has no other left
  ino_t inode_ = 0;       // of the socket
  RequestHandler& handler_;
  ServerOptions options_;
  std::map<std::uint64_t, std::unique_ptr<Client>> clients_;
  std::uint64_t next_id_ = 0;
};

/// The other side: sends one request.
class Connection {
 public:
  /// Errors: not_found (no service there), timeout (one that accepts nobody), io_error.
  static Result<Connection> open(const std::filesystem::path& path,
                                 std::chrono::milliseconds patience = std::chrono::seconds(5));

  /// Sends a request. Errors: io_error.
  Result<void> send(const Json& request);
  /// Waits until something has come, or the service has gone, or one of the descriptors `others` is readable (those
  /// below 0 never are), which is returned; -1: none of them. Errors: io_error, timeout (nothing has come until then).
  [[nodiscard]] Result<int> wait(std::span<const int> others, std::chrono::steady_clock::time_point until =
                                                                  std::chrono::steady_clock::time_point::max()) const;
  /// Whether receive() has a line already.
  [[nodiscard]] bool has_line() const { return received_.find('\n') != std::string::npos; }
  /// Waits for the next line of the answer. Errors: those of wait(), io_error (the service has gone), parse_error.
  Result<Json> receive(std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max());

 private:
  explicit Connection(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {}

  FileDescriptor descriptor_;
  std::string received_;
};

}  // namespace sapulse::service
