// SPDX-License-Identifier: Apache-2.0
// Who may look, and who may change.
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

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

}  // namespace
}  // namespace sapulse::test
