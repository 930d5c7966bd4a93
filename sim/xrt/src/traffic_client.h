// SPDX-License-Identifier: Apache-2.0
// The network sides of a simulated card in another process; the other end of TrafficPort.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sapulse/error.h"

namespace sapulse::sim::xrt {

/// Errors of all functions: io_error (the card has gone), device_error (it refuses the request).
class TrafficClient {
 public:
  /// Waits for the card that `open` starts, which must return after its card has been programmed. `path`: of the socket
  /// to be made, its name goes to the card in the environment. Errors: also those of `open`.
  template <class Open>
  static Result<std::unique_ptr<TrafficClient>> serve(const std::filesystem::path& path, Open open) {
    auto client = listen(path);
    if (!client) return client;
    if (auto opened = open(); !opened) return tl::unexpected(opened.error());
    if (auto accepted = (*client)->accept(); !accepted) return tl::unexpected(accepted.error());
    return client;
  }
  ~TrafficClient();
  TrafficClient(const TrafficClient&) = delete;
  TrafficClient& operator=(const TrafficClient&) = delete;

  /// `port`: 0 line, 1 core.
  Result<void> send(unsigned port, std::span<const std::vector<std::byte>> frames);
  /// The frames that have left; the last of many are left to the next call.
  Result<std::vector<std::vector<std::byte>>> take(unsigned port);
  /// Accesses to host memory that the card has been refused.
  Result<std::uint64_t> dma_faults();
  /// The next rule of a bus that was broken, or nothing.
  Result<std::optional<std::string>> complaint();
  /// Process of the card.
  [[nodiscard]] pid_t process() const;

 private:
  TrafficClient(std::filesystem::path path, int listener) : path_(std::move(path)), listener_(listener) {}
  static Result<std::unique_ptr<TrafficClient>> listen(const std::filesystem::path& path);
  Result<void> accept();
  Result<std::vector<std::byte>> ask(std::span<const std::byte> request);

  std::filesystem::path path_;
  int listener_;
  int socket_ = -1;
};

}  // namespace sapulse::sim::xrt
