// SPDX-License-Identifier: Apache-2.0
// A software card between two hosts whose kernels talk to each other.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "sapulse/file_descriptor.h"
#include "sapulse/net_device.h"
#include "support/convert.h"
#include "support/seed.h"
#include "traffic/bytes.h"
#include "traffic/random.h"
#include "veth.h"

namespace sapulse::test {
namespace {

constexpr std::uint16_t kPort = 7777;

sockaddr_in address(const char* text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(kPort);
  inet_pton(AF_INET, text, &address.sin_addr);
  return address;
}

const sockaddr* plain(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

/// Everything that comes over a connection.
traffic::Bytes receive_all(int socket) {
  traffic::Bytes all;
  std::vector<std::uint8_t> part(1 << 16);
  for (ssize_t size = 0; (size = recv(socket, part.data(), part.size(), 0)) > 0;) {
    all.insert(all.end(), part.begin(), part.begin() + size);
  }
  return all;
}

/// A host in a network namespace of its own, which has one end of a cable.
class FarHost {
 public:
  /// Runs `work` there.
  explicit FarHost(const std::string& interface, const std::string& with_prefix, std::function<traffic::Bytes()> work)
      : thread_([this, work = std::move(work)] {
          if (!enter_fresh_namespace()) throw std::runtime_error("namespace");
          entered_.set_value(static_cast<pid_t>(syscall(SYS_gettid)));
          prepared_.get_future().get();
          result_.set_value(work());
        }) {
    const pid_t there = entered_.get_future().get();
    ip("link set " + interface + " netns " + std::to_string(there));
    const std::string inside = "nsenter --net=/proc/" + std::to_string(there) + "/ns/net ip ";
    for (const std::string& command :
         {fmt::format("address add {} dev {}", with_prefix, interface), fmt::format("link set {} up", interface)}) {
      // NOLINTNEXTLINE(concurrency-mt-unsafe,cert-env33-c): the test's own words
      if (std::system((inside + command).c_str()) != 0) throw std::runtime_error("failed: " + command);
    }
    prepared_.set_value();
  }
  ~FarHost() { thread_.join(); }
  FarHost(const FarHost&) = delete;
  FarHost& operator=(const FarHost&) = delete;

  traffic::Bytes result() { return result_.get_future().get(); }

 private:
  std::promise<pid_t> entered_;
  std::promise<void> prepared_;
  std::promise<traffic::Bytes> result_;
  std::thread thread_;
};

class WireTest : public testing::Test {
 protected:
  /// Gives up, and so fails the test, when nothing comes for a minute.
  static FileDescriptor make_socket() {
    FileDescriptor made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    constexpr timeval kPatience{60, 0};
    for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
      setsockopt(made.get(), SOL_SOCKET, option, &kPatience, sizeof kPatience);
    }
    return made;
  }

  Veth line_{"line", "line-far"};
  Veth core_{"core", "core-far"};
  std::unique_ptr<NetDevice> device_ =
      must(NetDevice::open({.line = line_.one(), .core = core_.one(), .sa_capacity = 1024}), "software card");
  traffic::Random random_{test_seed(99)};
};

/// The kernel gives TCP to a cable made of software in pieces of 64 KiB, whose checksums are still to be made.
TEST_F(WireTest, TcpPassesInBothDirections) {
  const traffic::Bytes sent = random_.bytes(3'000'000);
  const FileDescriptor listener = make_socket();
  ip("address add 10.9.0.1/24 dev line-far");
  const sockaddr_in here = address("10.9.0.1");
  ASSERT_EQ(bind(listener.get(), plain(here), sizeof here), 0);
  ASSERT_EQ(listen(listener.get(), 1), 0);
  FarHost far(core_.other(), "10.9.0.2/24", [&] {
    const FileDescriptor client = make_socket();
    if (connect(client.get(), plain(here), sizeof here) != 0) return traffic::Bytes{};
    for (std::size_t done = 0; done < sent.size();) {
      const ssize_t size = send(client.get(), sent.data() + done, sent.size() - done, 0);
      if (size <= 0) return traffic::Bytes{};
      done += static_cast<std::size_t>(size);
    }
    shutdown(client.get(), SHUT_WR);
    return receive_all(client.get());
  });
  const FileDescriptor server(accept(listener.get(), nullptr, nullptr));
  const traffic::Bytes got = receive_all(server.get());
  EXPECT_TRUE(got == sent) << got.size() << " bytes";
  for (std::size_t done = 0; done < got.size();) {
    const ssize_t size = send(server.get(), got.data() + done, got.size() - done, 0);
    ASSERT_GT(size, 0);
    done += static_cast<std::size_t>(size);
  }
  shutdown(server.get(), SHUT_WR);
  EXPECT_TRUE(far.result() == sent);
  for (const NetStatistics& side : device_->statistics()) EXPECT_EQ(side.unsent, 0U);
}

}  // namespace
}  // namespace sapulse::test
