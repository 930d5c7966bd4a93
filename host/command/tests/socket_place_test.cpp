// SPDX-License-Identifier: Apache-2.0
#include "socket_place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>

namespace sapulse::command {
namespace {

using testing::ElementsAre;

TEST(SocketPlace, OfAServiceIsThatOfSystemdOrOfItsUser) {
  EXPECT_EQ(place_of_service({.runtime_directory = "/run/sapulse", .user_runtime_directory = "", .is_root = false}),
            "/run/sapulse/sapulse.sock");
  EXPECT_EQ(place_of_service({.runtime_directory = "/run/one:/run/two", .user_runtime_directory = "/run/user/7"}),
            "/run/one/sapulse.sock");
  EXPECT_EQ(place_of_service({.runtime_directory = "", .user_runtime_directory = "/run/user/7"}),
            "/run/user/7/sapulse.sock");
  EXPECT_EQ(place_of_service({.runtime_directory = "", .user_runtime_directory = "/run/user/0", .is_root = true}),
            "/run/sapulse/sapulse.sock")
      << "where others find it";
}

/// A service that systemd runs has no XDG_RUNTIME_DIR; those who use it have one.
TEST(SocketPlace, UsersFindTheServiceOfTheSystem) {
  EXPECT_THAT(places_to_look({.runtime_directory = "", .user_runtime_directory = "/run/user/7"}),
              ElementsAre("/run/user/7/sapulse.sock", "/run/sapulse/sapulse.sock"));
  EXPECT_THAT(places_to_look({}), ElementsAre("/run/sapulse/sapulse.sock"));

  const auto folder = std::filesystem::path(testing::TempDir()) / ("sapulse-place-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const std::string there = folder / "there.sock";
  const std::string nowhere = folder / "nowhere.sock";
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  there.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(first_there({nowhere, there}), there);
  EXPECT_EQ(first_there({there, nowhere}), there);
  EXPECT_EQ(first_there({nowhere}), nowhere);
  ::close(descriptor);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace sapulse::command
