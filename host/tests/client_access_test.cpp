// SPDX-License-Identifier: Apache-2.0
// Who may look, and who may change.
#include "client_access.h"

#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

#include "service_fixture.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ClientAccessTest : public ServiceOnFakeCard {
 protected:
  std::string answer_to(const Json& request, service::Access access) {
    std::string answer;
    service_->handle(0, request, [&](const Json& line, bool) { answer = line.dump(); }, access);
    service_->forget(0);
    return answer;
  }
};

TEST_F(ClientAccessTest, WatchersLook) {
  for (const char* command : {"info", "stats", "sa-list", "watch"}) {
    EXPECT_THAT(answer_to({{"command", command}}, service::Access::watch), Not(StartsWith("{\"error\""))) << command;
  }
}

TEST_F(ClientAccessTest, AttackByAWatcherWhoChangesOrUsesUpNumbersIsRefused) {
  for (const char* command : {"sa-add", "sa-import-kernel", "sa-del", "sa-admin", "ping", "mtu", "reload"}) {
    EXPECT_THAT(answer_to({{"command", command}, {"sa", "sa256"}}, service::Access::watch), HasSubstr("may only look"))
        << command;
  }
  EXPECT_EQ(endpoint_->sas().size(), 2U);
}

/// Other users are tried with the package (package_test.sh).
TEST_F(ClientAccessTest, TheUserOfTheServiceMayDoEverything) {
  const group* own = ::getgrgid(::getegid());
  ASSERT_NE(own, nullptr);
  auto server = Server::create(socket_, *service_, {.watch_group = own->gr_name});
  ASSERT_TRUE(server) << server.error().message;
  server_ = std::move(*server);
  struct stat status{};
  ASSERT_EQ(::stat(socket_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0666U);
  RawClient client(socket_);
  client.send("{\"command\":\"ping\",\"sa\":\"sa256\"}\n");
  EXPECT_TRUE(turn_until([&] { return client.receive() && client.received().find("summary") != std::string::npos; }))
      << client.received();
}

constexpr uid_t kNobody = 65534;

/// One end of a connection that user and group `nobody` have made, with further groups.
FileDescriptor connection_of_nobody(const std::vector<gid_t>& others) {
  std::array<int, 2> ends{-1, -1};
  std::thread([&] {
    // The system calls themselves: they change the calling thread alone.
    if (::syscall(SYS_setgroups, others.size(), others.data()) == 0 &&
        ::syscall(SYS_setresgid, kNobody, kNobody, kNobody) == 0 &&
        ::syscall(SYS_setresuid, kNobody, kNobody, kNobody) == 0) {
      (void)::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
    }
  }).join();
  const FileDescriptor other_end(ends[1]);
  return FileDescriptor(ends[0]);
}

/// Groups that every Debian has.
constexpr const char* kChangeGroup = "daemon";
constexpr const char* kWatchGroup = "bin";

gid_t group_id(const char* name) { return ::getgrnam(name)->gr_gid; }  // NOLINT(concurrency-mt-unsafe)

TEST(ClientAccessOfGroups, AttackByAUserOfNeitherGroupIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "becoming another user takes root";
  const gid_t change = group_id(kChangeGroup), watch = group_id(kWatchGroup);
  const auto both = service::ClientAccess::create(kChangeGroup, kWatchGroup);
  ASSERT_TRUE(both) << both.error().message;
  EXPECT_EQ(both->of(connection_of_nobody({})), std::nullopt);
  EXPECT_EQ(both->of(connection_of_nobody({watch})), service::Access::watch);
  EXPECT_EQ(both->of(connection_of_nobody({watch, change})), service::Access::change);
  const auto watchers = service::ClientAccess::create("", kWatchGroup);
  ASSERT_TRUE(watchers) << watchers.error().message;
  EXPECT_EQ(watchers->of(connection_of_nobody({change})), std::nullopt);
}

TEST(ClientAccessOfGroups, SocketsAreForThoseThatMayConnect) {
  EXPECT_EQ(service::ClientAccess::create("", "")->socket_mode(), 0600U);
  EXPECT_EQ(service::ClientAccess::create(kChangeGroup, "")->socket_mode(), 0660U);
  EXPECT_EQ(service::ClientAccess::create(kChangeGroup, kWatchGroup)->socket_mode(), 0666U);
  const auto nobody = service::ClientAccess::create("", "no such group");
  ASSERT_FALSE(nobody);
  EXPECT_THAT(nobody.error().message, HasSubstr("there is no group 'no such group'"));
}

}  // namespace
}  // namespace sapulse::test
