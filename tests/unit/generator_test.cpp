// SPDX-License-Identifier: Apache-2.0
#include "traffic/generator.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <set>

#include "traffic/capture.h"
#include "traffic/reference.h"

namespace sapulse::traffic {
namespace {

/// Of this process alone.
std::filesystem::path temporary_file(const std::string& name, const std::string& extension) {
  return std::filesystem::path(testing::TempDir()) / (name + "-" + std::to_string(::getpid()) + extension);
}

TEST(Generator, EqualSeedsGiveEqualFrames) {
  const Config config = sample_config(1, 6);
  Generator one(config, 3);
  Generator same(config, 3);
  Generator other(config, 4);
  bool differs = false;
  for (int i = 0; i < 200; ++i) {
    const Bytes frame = one.line().frame;
    EXPECT_EQ(frame, same.line().frame);
    differs = differs || frame != other.line().frame;
  }
  EXPECT_TRUE(differs);
}

TEST(Generator, MixtureReachesEveryCounter) {
  const Config config = sample_config(1, 12);
  Generator generator(config, 11);
  Reference reference(config);
  std::set<std::string> counters;
  for (int i = 0; i < 5000; ++i) counters.insert(reference.process(generator.line().frame).counter);
  for (const char* name :
       {"PASSED",           "ANSWERED",       "ECHO_ANSWERED", "KEEPALIVE",          "HOST",       "DROP_ACTION",
        "DROP_IP_CHECKSUM", "DROP_IP_LENGTH", "DROP_ADDRESS",  "DROP_ENCAPSULATION", "DROP_SHORT", "DROP_VERSION",
        "DROP_CHECKSUM",    "DROP_LENGTH",    "DROP_NESTED",   "DROP_SEQUENCE",      "DROP_ICV",   "DROP_PADDING",
        "DROP_BODY",        "DROP_REPLAY",    "DROP_UNASKED"}) {
    EXPECT_TRUE(counters.contains(name)) << name;
  }
}

TEST(Generator, FramesHaveLegalSizes) {
  const Config config = sample_config(1, 6);
  Generator generator(config, 3, {.jumbo_one_in = 3});
  std::size_t longest = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::size_t size = generator.line().frame.size();
    EXPECT_GE(size, kMinFrame);
    EXPECT_LE(size, kMaxFrame);
    longest = std::max(longest, size);
  }
  EXPECT_GT(longest, 8500U);
}

TEST(Generator, PingsOfWantedSize) {
  const Config config = sample_config(1, 6);
  Generator generator(config, 3);
  Reference reference(config);
  for (std::size_t size = 260; size <= kMaxFrame; size += 611) {
    for (std::size_t sa = 0; sa < config.sas.size(); ++sa) {
      const Bytes ping = generator.ping_of_frame_size(sa, size);
      EXPECT_LE(ping.size(), size);
      EXPECT_GT(ping.size() + 4, size);
      EXPECT_EQ(reference.process(ping).counter, "ANSWERED");
    }
  }
}

TEST(Capture, SurvivesAFile) {
  const std::filesystem::path file = temporary_file("sapulse-capture-test", ".pcap");
  const std::vector<Captured> frames = {{.time_ns = 1'000'000'001, .bytes = Bytes(60, 1)},
                                        {.time_ns = 2'999'999'999, .bytes = Bytes(9216, 2)}};
  write_capture(file, frames);
  const std::vector<Captured> back = read_capture(file);
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[0].time_ns, frames[0].time_ns);
  EXPECT_EQ(back[1].time_ns, frames[1].time_ns);
  EXPECT_EQ(back[1].bytes, frames[1].bytes);
  std::filesystem::remove(file);
  EXPECT_THROW(read_capture(file), std::runtime_error);
}

TEST(Config, ReadsOneMacOrSeveral) {
  const std::filesystem::path file = temporary_file("sapulse-config-mac-test", ".yaml");
  Config config = sample_config(9, 1);
  for (const std::size_t count : {0U, 1U, 2U}) {
    config.macs.resize(count);
    save_config(file, config);
    EXPECT_EQ(load_config(file).macs, config.macs);
  }
  std::filesystem::remove(file);
}

TEST(Config, SurvivesYaml) {
  const std::filesystem::path file = temporary_file("sapulse-config-test", ".yaml");
  Config config = sample_config(9, 7);
  config.udp_port = 4501;
  save_config(file, config);
  EXPECT_EQ(to_yaml(load_config(file)), to_yaml(config));
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace sapulse::traffic
