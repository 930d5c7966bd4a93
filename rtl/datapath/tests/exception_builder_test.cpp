// SPDX-License-Identifier: Apache-2.0
#include <Vexception_builder_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <iterator>
#include <span>
#include <vector>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

using regs::Cause;
using Bytes = std::vector<std::byte>;

constexpr unsigned kControlHeaderBytes = 24, kIcvBytes = 16;

/// A frame or an opened packet, and what an exception about it has to say.
struct Job {
  bool plain = false;
  std::uint32_t spi = 0, seq = 0, subject = 0, nested_seq = 0, transaction = 0;
  std::uint64_t n = 0, received = 0, token_nonce = 0;
  unsigned limit = 0, frame_length = 0, control_length = 0, encap = 0, tags = 0, offset = 0, sa = 0, code = 0;
  Cause cause{};
  bool v6 = false, copy = false, epoch = false, no_answer = false;
  Bytes content;

  /// About a packet that has ended already: without snapshot.
  [[nodiscard]] bool bare() const { return plain && copy; }
  [[nodiscard]] unsigned beats() const { return static_cast<unsigned>(content.size() + 63) / 64; }

  /// Type of the control message.
  [[nodiscard]] unsigned message() const { return cause == Cause::reply ? 2 : 4; }

  /// Layout of exception_builder_bench.sv.
  [[nodiscard]] std::array<std::uint32_t, 16> fields() const {
    return {spi,
            seq,
            subject,
            nested_seq,
            static_cast<std::uint32_t>(n),
            static_cast<std::uint32_t>(n >> 32),
            transaction,
            limit,
            frame_length | control_length << 16,
            encap | unsigned{v6} << 2 | tags << 3 | message() << 8 | offset << 16 | static_cast<unsigned>(cause) << 24 |
                unsigned{copy} << 28 | unsigned{epoch} << 29,
            sa | code << 16,
            static_cast<std::uint32_t>(received),
            static_cast<std::uint32_t>(received >> 32),
            static_cast<std::uint32_t>(token_nonce),
            static_cast<std::uint32_t>(token_nonce >> 32),
            no_answer};
  }

  /// All of the exception, byte for byte, by docs/registers.md.
  [[nodiscard]] Bytes exception() const {
    Bytes bytes(regs::kExceptionBytes);
    const regs::Exception e{std::span(bytes).first<regs::kExceptionBytes>()};
    const bool nested = plain || cause == Cause::unknown_spi;
    const unsigned available = plain ? control_length - kControlHeaderBytes - kIcvBytes : frame_length;
    const unsigned captured = bare() ? 0 : std::min<unsigned>(regs::kSnapshotBytes, available);
    e.set_cause(cause);
    e.set_flags(bare() ? 1 : plain ? 3 : 0);
    e.set_frame_length(static_cast<std::uint16_t>(frame_length));
    if (plain) e.set_sa(sa);
    e.set_time(received);
    e.set_spi(nested ? subject : spi);
    e.set_sequence(nested ? nested_seq : seq);
    e.set_payload_end(static_cast<std::uint16_t>(limit));
    e.set_esp_offset(static_cast<std::uint8_t>(offset));
    e.set_encapsulation(static_cast<std::uint8_t>(encap | unsigned{v6} << 4 | tags << 6));
    e.set_captured(static_cast<std::uint8_t>(captured));
    if (nested) e.set_n(n);
    if (cause != Cause::unknown_spi_data) {
      e.set_message(static_cast<std::uint8_t>(message()));
      e.set_code(static_cast<std::uint8_t>(code));
      e.set_transaction(transaction);
      e.set_control_flags(no_answer ? 2 : 0);
      std::memcpy(e.token_nonce().data(), &token_nonce, sizeof token_nonce);
    }
    std::copy_n(content.begin(), captured, e.snapshot().begin());
    return bytes;
  }
};

/// One of the two inputs: jobs, and their beats in the same order, each at its own pace.
struct Source {
  std::deque<Job> jobs, frames;
  unsigned beat = 0;
};

class BuilderRun {
 public:
  BuilderRun(unsigned raw_chance, unsigned plain_chance, unsigned room_chance)
      : chance_{raw_chance, plain_chance}, room_chance_(room_chance) {
    for (auto& source : sources_) {
      while (source.jobs.size() < 400) source.jobs.push_back(random_job(&source == &sources_[1]));
      std::ranges::remove_copy_if(source.jobs, std::back_inserter(source.frames), &Job::bare);
    }
  }

  /// Until everything has been read and written.
  void run() {
    for (int cycle = 0; cycle < 200000 && !finished() && !::testing::Test::HasFatalFailure(); ++cycle) step();
    EXPECT_TRUE(finished());
  }
  [[nodiscard]] int built() const { return built_; }
  [[nodiscard]] int lost() const { return lost_; }
  /// Most exceptions in a row from the same source.
  [[nodiscard]] int longest_streak() const { return longest_streak_; }

 private:
  Job random_job(bool plain) {
    Job j;
    j.plain = plain;
    const auto word = [&] { return static_cast<std::uint32_t>(random_.word()); };
    j.spi = word();
    j.seq = word();
    j.subject = word();
    j.nested_seq = word();
    j.transaction = word();
    j.n = random_.word();
    j.received = random_.word();
    j.token_nonce = random_.word();
    j.no_answer = random_.chance(50);
    j.limit = static_cast<unsigned>(random_.below(9217));
    j.encap = static_cast<unsigned>(random_.below(3));
    j.tags = static_cast<unsigned>(random_.below(3));
    j.offset = static_cast<unsigned>(random_.below(256));
    j.sa = static_cast<unsigned>(random_.below(65536));
    j.code = static_cast<unsigned>(random_.below(256));
    j.v6 = random_.chance(50);
    j.epoch = random_.chance(50);
    const auto size = 1 + static_cast<unsigned>(random_.chance(70) ? random_.below(260) : random_.below(2000));
    j.content.resize(size);
    for (std::byte& byte : j.content) byte = static_cast<std::byte>(random_.word());
    if (plain) {
      j.copy = random_.chance(20);
      j.cause = j.copy ? Cause::integrity : random_.chance(50) ? Cause::reply : Cause::error_protected;
      j.frame_length = size + 90;
      j.control_length = size + kControlHeaderBytes + kIcvBytes;
    } else {
      j.cause = static_cast<Cause>(random_.below(5));
      j.copy = j.cause == Cause::unknown_spi_data;
      j.frame_length = size;
      j.control_length = static_cast<unsigned>(random_.below(65536));
    }
    return j;
  }

  [[nodiscard]] bool finished() const {
    const auto done = [](const Source& s) { return s.jobs.empty() && s.frames.empty(); };
    return expected_.empty() && std::ranges::all_of(sources_, done);
  }

  void step() {
    drive(sources_[0], chance_[0], builder_->raw_job_valid, builder_->raw_fields, builder_->raw_valid,
          builder_->raw_data, builder_->raw_last);
    drive(sources_[1], chance_[1], builder_->plain_job_valid, builder_->plain_fields, builder_->plain_valid,
          builder_->plain_data, builder_->plain_last);
    builder_->hold = random_.chance(20);
    // room may come and go only where no exception of the builder is under way, as in exception_queue.
    builder_->room = random_.chance(room_chance_);
    builder_.settle();
    check_out();
    start(sources_[0], builder_->raw_job_valid && builder_->raw_job_ready);
    start(sources_[1], builder_->plain_job_valid && builder_->plain_job_ready);
    take(sources_[0], builder_->raw_valid && builder_->raw_ready);
    take(sources_[1], builder_->plain_valid && builder_->plain_ready);
    builder_.tick();
  }

  template <class Valid, class Fields, class Data>
  void drive(const Source& source, unsigned chance, Valid& job_valid, Fields& fields, Valid& valid, Data& data,
             Valid& last) {
    job_valid = !source.jobs.empty() && random_.chance(chance);
    if (job_valid) std::ranges::copy(source.jobs.front().fields(), &fields[0]);
    valid = !source.frames.empty() && random_.chance(chance);
    if (!valid) return;
    const Job& frame = source.frames.front();
    for (unsigned i = 0; i < 64; ++i) {
      const std::size_t at = 64 * std::size_t{source.beat} + i;
      // What follows the end is not zero: it must not show.
      const unsigned byte = at < frame.content.size() ? std::to_integer<unsigned>(frame.content[at]) : 0xEE;
      data[i / 4] = (i % 4 == 0 ? 0 : data[i / 4]) | byte << 8 * (i % 4);
    }
    last = source.beat + 1 == frame.beats();
  }

  /// A job taken: its exception follows, or it is lost now.
  void start(Source& source, bool taken) {
    if (!taken) return;
    const Job job = source.jobs.front();
    source.jobs.pop_front();
    ASSERT_EQ(builder_->lost_valid, !builder_->room);
    if (!builder_->room) {
      ++lost_;
      ASSERT_FALSE(builder_->hold);
      ASSERT_EQ(builder_->lost_copy, job.copy);
      ASSERT_EQ(builder_->lost_entered, job.plain);
      ASSERT_EQ(builder_->lost_epoch, job.epoch);
      return;
    }
    expected_.push_back(job);
  }

  void take(Source& source, bool taken) {
    if (!taken || ++source.beat < source.frames.front().beats()) return;
    source.frames.pop_front();
    source.beat = 0;
  }

  void check_out() {
    if (!builder_->out_valid) return;
    ASSERT_FALSE(expected_.empty());
    const Job& job = expected_.front();
    ASSERT_EQ(builder_->out_first, built_beats_ == 0);
    if (built_beats_ == 0) {
      ASSERT_EQ(builder_->out_copy, job.copy);
      ASSERT_EQ(builder_->out_entered, job.plain);
      ASSERT_EQ(builder_->out_epoch, job.epoch);
    }
    const Bytes whole = job.exception();
    for (unsigned i = 0; i < 64; ++i) {
      ASSERT_EQ(builder_->out_data[i / 4] >> 8 * (i % 4) & 0xFF,
                std::to_integer<unsigned>(whole[64 * built_beats_ + i]))
          << "byte " << 64 * built_beats_ + i << " of exception " << built_ << (job.plain ? ", plain" : ", raw");
    }
    const bool last = ++built_beats_ == regs::kExceptionBytes / 64;
    ASSERT_EQ(builder_->out_last, last);
    if (!last) return;
    streak_ = built_ > 0 && job.plain == last_plain_ ? streak_ + 1 : 1;
    longest_streak_ = std::max(longest_streak_, streak_);
    last_plain_ = job.plain;
    ++built_;
    built_beats_ = 0;
    expected_.pop_front();
  }

  std::array<unsigned, 2> chance_;
  unsigned room_chance_;
  RandomSource random_;
  Clocked<Vexception_builder_bench> builder_;
  std::array<Source, 2> sources_;  // raw, plain
  std::deque<Job> expected_;
  unsigned built_beats_ = 0;
  int built_ = 0, lost_ = 0, streak_ = 0, longest_streak_ = 0;
  bool last_plain_ = false;
};

TEST(ExceptionBuilder, WritesEveryByteAsDocumented) {
  BuilderRun run(80, 80, 100);
  run.run();
  EXPECT_EQ(run.built(), 800);
}

TEST(ExceptionBuilder, LosesWholeFramesWithoutRoom) {
  BuilderRun run(80, 80, 50);
  run.run();
  EXPECT_EQ(run.built() + run.lost(), 800);
  EXPECT_GT(run.lost(), 100);
  EXPECT_GT(run.built(), 100);
}

TEST(ExceptionBuilder, SourcesThatBothWaitTakeTurns) {
  BuilderRun run(100, 100, 100);
  run.run();
  EXPECT_EQ(run.longest_streak(), 1);
}

TEST(ExceptionBuilder, ServesSourcesOfDifferentSpeed) {
  for (const auto& [raw, plain] : {std::pair(100U, 10U), std::pair(10U, 100U)}) {
    BuilderRun run(raw, plain, 100);
    run.run();
    EXPECT_EQ(run.built(), 800);
  }
}

}  // namespace
}  // namespace sapulse::test
