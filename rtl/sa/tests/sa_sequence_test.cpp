// SPDX-License-Identifier: Apache-2.0
// Contexts of answers (control sequence numbers, keys) and customer sequence numbers, at full rate and against
// commands.
#include <algorithm>
#include <deque>
#include <vector>

#include "sa_bench.h"

namespace sapulse::test {
namespace {

using regs::Opcode;
using regs::Status;

constexpr unsigned kUsedSas = 4;
constexpr unsigned kDataLatency = 4;  // until a number is seen by reads

struct Customer {
  bool seen = false;
  std::uint32_t number = 0;

  void see(std::uint32_t n) {
    if (!seen || static_cast<std::int32_t>(n - number) > 0) number = n;
    seen = true;
  }
};

class SaSequence : public SaBench {
 protected:
  SaSequence() {
    for (unsigned sa = 0; sa < kUsedSas; ++sa) {
      halves_[sa] = random_halves(random_);
      next_[sa] = halves_[sa].next;
      run(make_write_in(sa, halves_[sa]), Status::ok);
      run(make_write_out(sa, halves_[sa]), Status::ok);
    }
  }

  void drive() override {
    if (!driving_) return;
    if (!dut_->reply_valid || reply_taken_) {
      dut_->reply_valid = random_.chance(reply_percent_);
      dut_->reply_sa = pick();
      dut_->reply_dropped = random_.chance(20);
    }
    dut_->data_sa = pick();
    // A command may displace a number only after 63 cycles full of them, which this makes impossible.
    const unsigned percent = in_progress() ? std::min(data_percent_, 60u) : data_percent_;
    dut_->data_valid = random_.chance(percent) && dut_->data_sa != quiet_sa_;
    const std::uint32_t number = seen_now_[dut_->data_sa].number;
    dut_->data_sequence =
        number + (random_.chance(3) ? random_.word() : random_.below(5) - random_.chance(30) * random_.below(9));
  }

  void observe() override {
    check_context();
    // Numbers that reads see from this cycle on.
    while (!numbers_.empty() && numbers_.front().cycle + kDataLatency <= cycle_) {
      seen_by_reads_[numbers_.front().sa].see(numbers_.front().number);
      numbers_.pop_front();
    }
    if (dut_->data_valid) {
      numbers_.push_back({cycle_, dut_->data_sa, dut_->data_sequence});
      seen_now_[dut_->data_sa].see(dut_->data_sequence);
    }
    reply_taken_ = dut_->reply_valid && dut_->reply_ready;
    if (reply_taken_ && !dut_->reply_dropped) {
      const unsigned sa = dut_->reply_sa;
      requests_.push_back({cycle_, sa, seen_by_reads_[sa], sa == quiet_sa_});
    }
  }

  void check_context() {
    const bool due = !requests_.empty() && requests_.front().cycle + kReplyLatency == cycle_;
    ASSERT_EQ(bool(dut_->ctx_valid), due);
    if (!due) return;
    const Request request = requests_.front();
    requests_.pop_front();
    const Context context = context_now();
    ASSERT_TRUE(context.usable);
    if (context.spi != halves_[request.sa].out_spi) {
      // The first answer with the new outbound half.
      ASSERT_EQ(request.sa, writing_sa_);
      ASSERT_EQ(context.spi, new_half_.out_spi) << "mixes two outbound halves";
      adopt_new_half();
    } else {
      ASSERT_FALSE(must_be_new_from_ <= request.cycle && request.sa == writing_sa_)
          << "old half after the write completed";
    }
    ASSERT_EQ(context.key, halves_[request.sa].out);
    ASSERT_EQ(context.n, next_[request.sa]++);
    ASSERT_EQ(context.token, halves_[request.sa].token);
    ASSERT_EQ(context.token_valid, halves_[request.sa].token_valid);
    if (!request.customer_unknown) {
      ASSERT_EQ(context.data_sequence_valid, request.customer.seen);
      if (request.customer.seen) {
        ASSERT_EQ(context.data_sequence, request.customer.number);
      }
    }
    ++answers_;
  }

  void adopt_new_half() {
    halves_[writing_sa_].out = new_half_.out;
    halves_[writing_sa_].out_spi = new_half_.out_spi;
    next_[writing_sa_] = new_half_.next;
    must_be_new_from_ = kNever;
  }

  /// Writes a new outbound half while answers go on.
  void write_out(unsigned sa) {
    new_half_ = random_halves(random_);
    writing_sa_ = sa;
    run(make_write_out(sa, new_half_), Status::ok);
    if (halves_[sa].out_spi != new_half_.out_spi) must_be_new_from_ = cycle_;
    for (unsigned i = 0; halves_[sa].out_spi != new_half_.out_spi && i < 1000; ++i) tick();
  }

  /// Starts the customer sequence of an SA anew, with no customer packets on it meanwhile.
  void write_in(unsigned sa) {
    quiet_sa_ = sa;
    ticks(kDataLatency + 1);
    run(make_write_in(sa, halves_[sa]), Status::ok);
    seen_now_[sa] = seen_by_reads_[sa] = Customer{};
    quiet_sa_ = kNobody;
  }

  void stop() {
    driving_ = false;
    dut_->reply_valid = 0;
    dut_->reply_dropped = 0;
    dut_->data_valid = 0;
  }

  unsigned pick() { return random_.chance(60) ? 0 : random_.below(kUsedSas); }

  static constexpr std::uint64_t kNever = ~std::uint64_t{0};
  static constexpr unsigned kNobody = ~0u;

  struct Request {
    std::uint64_t cycle;
    unsigned sa;
    Customer customer;
    bool customer_unknown;
  };
  struct Number {
    std::uint64_t cycle;
    unsigned sa;
    std::uint32_t number;
  };

  bool driving_ = false;  ///< random traffic
  unsigned reply_percent_ = 60;
  unsigned data_percent_ = 90;
  bool reply_taken_ = false;
  std::deque<Request> requests_;
  std::deque<Number> numbers_;
  Customer seen_now_[kUsedSas];
  Customer seen_by_reads_[kUsedSas];
  Halves halves_[kUsedSas];
  std::uint64_t next_[kUsedSas];
  Halves new_half_;
  unsigned writing_sa_ = kNobody;
  unsigned quiet_sa_ = kNobody;
  std::uint64_t must_be_new_from_ = kNever;
  std::uint64_t answers_ = 0;
};

TEST_F(SaSequence, RandomAnswersAndCommands) {
  driving_ = true;
  for (unsigned i = 0; i < 1500 && !HasFatalFailure(); ++i) {
    reply_percent_ = (i / 100) % 2 == 0 ? 100 : 40;
    data_percent_ = (i / 50) % 2 == 0 ? 100 : 30;
    ticks(random_.below(40));
    if (random_.chance(40)) write_out(random_.below(kUsedSas));
    if (random_.chance(40)) write_in(random_.below(kUsedSas));
    if (random_.chance(20)) run(make_command(Opcode::sa_read, random_.below(kUsedSas)), Status::ok);
  }
  EXPECT_GT(answers_, 20'000u);
  stop();
  ticks(10);
  EXPECT_TRUE(requests_.empty());
}

TEST_F(SaSequence, OneAnswerEveryCycleOnOneSa) {
  dut_->reply_valid = 1;
  dut_->reply_sa = 0;
  ticks(200);
  dut_->reply_valid = 0;
  ticks(5);
  EXPECT_EQ(answers_, 200u);
}

TEST_F(SaSequence, CustomerNumbersFollowSerialArithmetic) {
  const auto seen = [&] {
    ticks(kDataLatency);
    return reply(1).data_sequence;
  };
  data(1, 0xfffffff0);
  EXPECT_EQ(seen(), 0xfffffff0u);
  data(1, 5);  // past the wrap
  EXPECT_EQ(seen(), 5u);
  data(1, 0xffffffff);  // late
  EXPECT_EQ(seen(), 5u);
  data(1, 5 + 0x7fffffffu);
  EXPECT_EQ(seen(), 0x80000004u);
  data(1, 0x80000004u + 0x80000000u);  // undefined in RFC 1982: not taken
  EXPECT_EQ(seen(), 0x80000004u);
}

TEST_F(SaSequence, CustomerTrafficInEveryCycleDoesNotStopCommands) {
  driving_ = true;
  reply_percent_ = 0;
  data_percent_ = 100;
  run(make_write_in(kUsedSas, random_halves(random_)), 120);
  EXPECT_EQ(regs::ConstCompletion(completion_).status(), Status::ok);
}

}  // namespace
}  // namespace sapulse::test
