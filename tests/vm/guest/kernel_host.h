// SPDX-License-Identifier: Apache-2.0
// The guest's kernel as an ESP host: its SAs, its sockets, its errors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "traffic/config.h"

namespace sapulse::test {

/// Datagrams of one IP protocol between two addresses. Throws std::system_error.
class IpSocket {
 public:
  /// Opened in the calling thread's network namespace. UDP, or raw for any other protocol.
  IpSocket(int protocol, const traffic::Address& own, const traffic::Address& peer);
  ~IpSocket();
  IpSocket(const IpSocket&) = delete;
  IpSocket& operator=(const IpSocket&) = delete;

  void send(const traffic::Bytes& payload);
  /// The next payload that has come in, if any. Does not wait.
  std::optional<traffic::Bytes> receive();

 private:
  int socket_;
  bool with_header_;  ///< IPv4 raw sockets deliver the IP header, too
};

/// One network namespace. Throws std::runtime_error.
class KernelHost {
 public:
  /// `name`: of the namespace; empty: the program's. Removes all SAs and policies.
  explicit KernelHost(std::string name);

  /// From now on everything to (from) the peer goes in ESP, transport mode, AES-GCM with the SA's own salt (RFC 4106).
  void send_protected(const traffic::Address& own, const traffic::Address& peer, const traffic::Direction& with);
  void receive_protected(const traffic::Address& own, const traffic::Address& peer, const traffic::Direction& with);

  /// `protocol`: of IP.
  [[nodiscard]] IpSocket socket(int protocol, const traffic::Address& own, const traffic::Address& peer) const;

  /// Packets that an SA from one address to another has protected or accepted.
  [[nodiscard]] std::uint64_t packets(const traffic::Address& from, const traffic::Address& to,
                                      std::uint32_t spi) const;
  /// Packets that the kernel's IPsec has refused since the host was made, for whatever reason.
  [[nodiscard]] std::uint64_t errors() const { return count_errors() - errors_before_; }

 private:
  void ip(const std::string& command) const;
  void install(const std::string& way, const traffic::Address& from, const traffic::Address& to,
               const traffic::Direction& with) const;
  [[nodiscard]] std::uint64_t count_errors() const;

  std::string name_;
  std::uint64_t errors_before_;
};

}  // namespace sapulse::test
