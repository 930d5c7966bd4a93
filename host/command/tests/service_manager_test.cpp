// SPDX-License-Identifier: Apache-2.0
#include "service_manager.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>

#include "sapulse/file_descriptor.h"

namespace sapulse::command {
namespace {

using namespace std::chrono_literals;

/// What systemd is to a service: a datagram socket that the environment names.
class ServiceManagerTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string path = testing::TempDir() + "/notify." + std::to_string(::getpid());
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    ASSERT_LT(path.size(), sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    ::unlink(path.c_str());
    ASSERT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): no other thread
    ::setenv("WATCHDOG_USEC", "20000000", 1);    // NOLINT(concurrency-mt-unsafe)
    path_ = path;
  }
  void TearDown() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
    ::unlink(path_.c_str());
  }

  /// What has been told and not been read; empty if nothing has.
  [[nodiscard]] std::string told() const {
    std::array<char, 256> text{};
    const ssize_t size = ::recv(socket_.get(), text.data(), text.size(), MSG_DONTWAIT);
    return {text.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
  }

  FileDescriptor socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  std::string path_;
};

TEST_F(ServiceManagerTest, HearsThatTheServiceIsReadyAndThatItStops) {
  ServiceManager::ready("8 SAs");
  EXPECT_EQ(told(), "READY=1\nSTATUS=8 SAs");
  ServiceManager::stopping();
  EXPECT_EQ(told(), "STOPPING=1");
}

TEST_F(ServiceManagerTest, HearsOfLifeTwiceInTheTimeThatItGives) {
  ServiceManager manager;
  const ServiceManager::Clock::time_point start{1h};
  EXPECT_EQ(manager.alive(start), 10s);
  EXPECT_EQ(told(), "WATCHDOG=1");
  EXPECT_EQ(manager.alive(start + 4s), 6s);
  EXPECT_EQ(told(), "");
  EXPECT_EQ(manager.alive(start + 10s), 10s);
  EXPECT_EQ(told(), "WATCHDOG=1");
}

TEST_F(ServiceManagerTest, IsLeftAloneWhereItDoesNotWait) {
  ::setenv("WATCHDOG_PID", "1", 1);  // NOLINT(concurrency-mt-unsafe): it waits for another process
  ServiceManager manager;
  EXPECT_EQ(manager.alive(), std::chrono::nanoseconds::max());
  EXPECT_EQ(told(), "");
}

TEST_F(ServiceManagerTest, NobodyIsTold) {
  ::unsetenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe)
  ServiceManager::ready("");
  EXPECT_EQ(told(), "");
}

}  // namespace
}  // namespace sapulse::command
