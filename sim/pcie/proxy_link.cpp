// SPDX-License-Identifier: Apache-2.0
#include "proxy_link.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace sapulse::sim {
namespace {

// Numbers on the wire have the byte order of the host, since both ends are on one.
enum class Command : std::int32_t {
  sync_memory = 0,
  return_value = 1,
  config_write = 2,
  config_read = 3,
  bar_write = 4,
  bar_read = 5,
  set_irq_files = 6,
  device_reset = 7
};

struct Header {
  Command command;
  std::uint32_t padding;
  std::uint64_t size;
};
static_assert(sizeof(Header) == 16);

constexpr std::size_t kMostFiles = 8;

struct MemoryMap {
  std::array<std::uint64_t, kMostFiles> address;
  std::array<std::uint64_t, kMostFiles> bytes;
  std::array<std::int64_t, kMostFiles> offset;
};
static_assert(sizeof(MemoryMap) == 192);

struct ConfigAccess {
  std::uint32_t offset;
  std::uint32_t value;
  std::int32_t bytes;
};
static_assert(sizeof(ConfigAccess) == 12);

struct BarAccess {
  std::uint64_t address;
  std::uint64_t value;
  std::uint32_t bytes;
  std::uint8_t memory;
  std::array<std::uint8_t, 3> padding;
};
static_assert(sizeof(BarAccess) == 24);

/// File descriptors that came with a message; closed at the end.
class Files {
 public:
  Files() = default;
  ~Files() { std::ranges::for_each(files_, close); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  void take(const msghdr& message) {
    for (const cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(const_cast<msghdr*>(&message), const_cast<cmsghdr*>(part))) {
      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
      const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      const std::size_t had = files_.size();
      files_.resize(had + count);
      std::memcpy(&files_[had], CMSG_DATA(part), count * sizeof(int));
    }
  }
  [[nodiscard]] const std::vector<int>& list() const { return files_; }

 private:
  std::vector<int> files_;
};

class Link {
 public:
  Link(int socket, ProxyDevice& device) : socket_(socket), device_(device) {}

  bool serve() {
    Header header{};
    while (true) {
      Files files;
      if (!receive(std::as_writable_bytes(std::span(&header, 1)), &files)) return true;
      std::array<std::byte, sizeof(MemoryMap)> payload{};
      if (header.size > payload.size()) return false;
      if (!receive(std::span(payload).first(header.size), nullptr)) return true;
      if (!handle(header, payload, files)) return false;
    }
  }

 private:
  template <class T>
  static T decode(std::span<const std::byte> payload) {
    T value;
    std::memcpy(&value, payload.data(), sizeof value);
    return value;
  }

  bool receive(std::span<std::byte> to, Files* files) {
    while (!to.empty()) {
      iovec part{to.data(), to.size()};
      alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostFiles * sizeof(int))> control{};
      msghdr message{};
      message.msg_iov = &part;
      message.msg_iovlen = 1;
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      const ssize_t size = recvmsg(socket_, &message, MSG_CMSG_CLOEXEC);
      if (size <= 0) return false;
      if (files != nullptr) files->take(message);
      to = to.subspan(static_cast<std::size_t>(size));
    }
    return true;
  }

  void reply(std::uint64_t value) {
    struct {
      Header header;
      std::uint64_t value;
    } const message{{Command::return_value, 0, sizeof value}, value};
    // An error shows at the next receive().
    (void)::send(socket_, &message, sizeof message, MSG_NOSIGNAL);
  }

  bool handle(const Header& header, std::span<const std::byte> payload, const Files& files) {
    switch (header.command) {
      case Command::sync_memory:
        sync_memory(decode<MemoryMap>(payload), files);
        return true;
      case Command::set_irq_files:  // interrupts take another way
        return true;
      case Command::config_read:
      case Command::config_write:
        return config_access(header, decode<ConfigAccess>(payload));
      case Command::bar_read:
      case Command::bar_write:
        return bar_access(header, decode<BarAccess>(payload));
      case Command::device_reset:
        device_.machine_reset();
        reply(0);
        return true;
      default:
        return false;
    }
  }

  void sync_memory(const MemoryMap& map, const Files& files) {
    std::vector<GuestMemory::Region> regions;
    for (std::size_t i = 0; i < std::min(files.list().size(), kMostFiles); ++i) {
      regions.push_back({map.address[i], map.bytes[i], map.offset[i], files.list()[i]});
    }
    device_.memory_changed(regions);
  }

  bool config_access(const Header& header, const ConfigAccess& access) {
    if (header.size != sizeof access || access.bytes < 1 || access.bytes > 4) return false;
    const auto bytes = static_cast<unsigned>(access.bytes);
    std::uint64_t value = 0;
    if (header.command == Command::config_read) {
      value = device_.config_read(access.offset, bytes);
    } else {
      device_.config_write(access.offset, access.value, bytes);
    }
    reply(value);
    return true;
  }

  bool bar_access(const Header& header, const BarAccess& access) {
    if (header.size != sizeof access || access.bytes < 1 || access.bytes > 8) return false;
    std::uint64_t value = 0;
    if (header.command == Command::bar_read) {
      value = device_.bar_read(access.address, access.bytes);
    } else {
      device_.bar_write(access.address, access.value, access.bytes);
    }
    reply(value);
    return true;
  }

  int socket_;
  ProxyDevice& device_;
};

}  // namespace

bool serve_proxy(int socket, ProxyDevice& device) { return Link(socket, device).serve(); }

}  // namespace sapulse::sim
