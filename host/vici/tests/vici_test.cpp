// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <random>
#include <string>
#include <thread>

#include "charon_socket.h"
#include "vici_bytes.h"
#include "vici_client.h"
#include "vici_message.h"

namespace sapulse::vici::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Two CHILD_SAs, and one that has no SPIs yet.
Bytes list_sa() {
  return test::list_sa(child("net-1", "net", "c0ffee01", "0badcafe") + child("net-2", "net", "", "") +
                       child("dmz-3", "dmz", "00001001", "00002001"));
}

TEST(ViciMessage, TellsChildSasWithTheirSpis) {
  const auto packet = decode(list_sa());
  ASSERT_TRUE(packet.has_value()) << packet.error().message;
  EXPECT_EQ(packet->type, PacketType::event);
  EXPECT_EQ(packet->name, "list-sa");
  const Section& ike = *packet->content.section("gw-gw");
  EXPECT_EQ(ike.value("uniqueid"), "1");
  EXPECT_EQ(ike.value("absent"), "");
  EXPECT_THAT(ike.lists.at(0).second, ElementsAre("10.0.0.0/24"));
  EXPECT_THAT(child_sas(packet->content), ElementsAre(ChildSa{.name = "gw-gw/net",
                                                              .spi_in = 0xc0ffee01,
                                                              .spi_out = 0x0badcafe,
                                                              .id = "1",
                                                              .ike_id = "1",
                                                              .state = "INSTALLED"},
                                                      ChildSa{.name = "gw-gw/dmz",
                                                              .spi_in = 0x1001,
                                                              .spi_out = 0x2001,
                                                              .id = "3",
                                                              .ike_id = "1",
                                                              .state = "INSTALLED"}));
}

TEST(ViciMessage, RequestsHaveLengthTypeAndName) {
  EXPECT_EQ(encode(PacketType::command_request, "list-sas"), with_length(named(0, "list-sas")));
}

TEST(ViciMessage, SaysWhatIsMalformed) {
  EXPECT_THAT(decode(Bytes{}).error().message, HasSubstr("1 bytes announced, 0 are there"));
  EXPECT_THAT(decode(Bytes{9}).error().message, HasSubstr("packet of type 9"));
  EXPECT_THAT(decode(Bytes{1} + named(3, "key") + Bytes{0, 5, 'x'}).error().message, HasSubstr("5 bytes announced"));
  EXPECT_THAT(decode(Bytes{1} + named(1, "open")).error().message, HasSubstr("1 bytes announced"));
  EXPECT_THAT(decode(Bytes{1, 2}).error().message, HasSubstr("element 2 in a section"));
  EXPECT_THAT(decode(Bytes{1} + named(4, "list") + named(3, "x")).error().message, HasSubstr("element 3 in a list"));
  Bytes deep{1};
  for (int i = 0; i < 1000; ++i) deep = deep + named(1, "s");
  EXPECT_THAT(decode(deep).error().message, HasSubstr("sections in each other"));
}

TEST(ViciMessage, DamagedPacketsAreRefusedOrUnderstood) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    Bytes packet = list_sa();
    for (int j = 0; j < 3; ++j) packet[random() % packet.size()] = static_cast<std::uint8_t>(random());
    const auto decoded = decode(packet);
    if (decoded) (void)child_sas(decoded->content);
  }
}

/// A charon that answers once, in small pieces.
class Charon {
 public:
  explicit Charon(Bytes answer) : answer_(std::move(answer)), thread_([this] { serve(); }) {}
  ~Charon() { thread_.join(); }
  Charon(const Charon&) = delete;
  Charon& operator=(const Charon&) = delete;
  [[nodiscard]] std::string socket() const { return socket_.path(); }

 private:
  void serve() {
    const FileDescriptor client = socket_.accept();
    expect(client, encode(PacketType::event_register, "list-sa"));
    write(client, with_length({5}));
    expect(client, encode(PacketType::command_request, "list-sas"));
    write(client, answer_);
  }
  static void expect(const FileDescriptor& client, const Bytes& wanted) {
    Bytes got(wanted.size());
    EXPECT_EQ(::recv(client.get(), got.data(), got.size(), MSG_WAITALL), static_cast<ssize_t>(got.size()));
    EXPECT_EQ(got, wanted);
  }
  static void write(const FileDescriptor& client, const Bytes& bytes) {
    for (const std::uint8_t byte : bytes) EXPECT_EQ(::send(client.get(), &byte, 1, MSG_NOSIGNAL), 1);
  }

  Bytes answer_;
  CharonSocket socket_;
  std::thread thread_;
};

/// Polls until there is an answer or an error.
Result<std::vector<ChildSa>> answer_of(Client& client) {
  for (;;) {
    auto answer = client.poll();
    if (!answer) return tl::unexpected(answer.error());
    if (*answer) return **answer;
    std::this_thread::yield();
  }
}

TEST(ViciClient, AsksForAllChildSas) {
  const Charon charon(with_length(list_sa()) + with_length(list_sa()) + with_length({1}));
  Client client(charon.socket());
  EXPECT_FALSE(client.is_asking());
  ASSERT_TRUE(client.ask().has_value());
  const auto children = answer_of(client);
  ASSERT_TRUE(children.has_value()) << children.error().message;
  EXPECT_EQ(children->size(), 4U);
  EXPECT_FALSE(client.is_asking());
}

TEST(ViciClient, SaysWhatIsWrongWithCharon) {
  Client nobody("/nonexistent/vici");
  EXPECT_EQ(nobody.ask().error().code, Errc::not_found);
  const auto error_after = [](const Bytes& answer) {
    const Charon charon(answer);
    Client client(charon.socket());
    EXPECT_TRUE(client.ask().has_value());
    const auto children = answer_of(client);
    EXPECT_FALSE(client.is_asking());
    return children ? "answered" : children.error().message;
  };
  EXPECT_THAT(error_after(with_length({2})), HasSubstr("does not know what it is asked"));
  EXPECT_THAT(error_after(with_length(list_sa())), HasSubstr("closed the connection"));
  EXPECT_THAT(error_after({0xff, 0xff, 0xff, 0xff}), HasSubstr("packet of 4294967295 bytes"));
}

/// Root's way around the permissions of files, given up by the calling thread.
void respect_permissions() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets{};
  ASSERT_EQ(::syscall(SYS_capget, &header, sets.data()), 0);
  sets[0].effective &= ~(1U << CAP_DAC_OVERRIDE);
  ASSERT_EQ(::syscall(SYS_capset, &header, sets.data()), 0);
}

TEST(ViciClient, SaysWhichGroupASocketIsOpenToThatItMayNotOpen) {
  const CharonSocket socket;
  const auto refusal = [&](mode_t mode) {
    EXPECT_EQ(::chmod(socket.path().c_str(), mode), 0);
    Error error;
    std::thread([&] {
      respect_permissions();
      const auto asked = Client(socket.path()).ask();
      ASSERT_FALSE(asked.has_value());
      error = asked.error();
    }).join();
    EXPECT_EQ(error.code, Errc::io_error);
    return error.message;
  };
  const std::string denied = socket.path() + ": Permission denied";
  const std::string group = ::getgrgid(::getegid())->gr_name;
  EXPECT_EQ(refusal(0070), denied + ": it is open to group " + group +
                               " (for a service of systemd: SupplementaryGroups=" + group + ")");
  EXPECT_EQ(refusal(0), denied);
}

}  // namespace
}  // namespace sapulse::vici::test
