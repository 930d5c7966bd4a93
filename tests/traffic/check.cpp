// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "reference.h"

namespace sapulse::traffic {

namespace {

std::string first_difference(View wanted, View got) {
  if (wanted.size() != got.size()) return fmt::format("{} bytes instead of {}", got.size(), wanted.size());
  const auto [at, other] = std::ranges::mismatch(wanted, got);
  return fmt::format("byte {} is 0x{:02x} instead of 0x{:02x}", at - wanted.begin(), *other, *at);
}

/// Names of the counters that tell where line frames went, apart from DROP_*.
constexpr std::array<const char*, 6> kEnds = {"PASSED", "ANSWERED", "ECHO_ANSWERED", "KEEPALIVE", "HOST", "REPLIES"};

class Checker {
 public:
  Checker(const Config& config, const Run& run, const CheckOptions& options)
      : reference_(config), run_(run), options_(options) {}

  CheckResult check() {
    collect_data_sequences();
    split_line_out();
    for (frame_ = 0; frame_ < run_.line_in.size(); ++frame_) check_line_frame(run_.line_in[frame_]);
    finish_streams();
    if (options_.counters) check_counters();
    if (hidden_ > 0) result_.discrepancies.push_back(fmt::format("... and {} more", hidden_));
    return std::move(result_);
  }

 private:
  struct Sent {
    std::size_t index;  ///< in line_out
    bool used = false;
  };

  void report(std::string text) {
    if (result_.discrepancies.size() < options_.max_reports) {
      result_.discrepancies.push_back(std::move(text));
    } else {
      ++hidden_;
    }
  }

  void report_frame(const std::string& text) { report(fmt::format("line frame {}: {}", frame_ + 1, text)); }

  std::uint64_t counter(const std::string& name) const {
    const auto found = run_.counters.find(name);
    return found == run_.counters.end() ? 0 : found->second;
  }

  /// Highest customer sequence number of each SA in the whole run: the upper bound of what a reply may carry.
  void collect_data_sequences() {
    for (const Bytes& frame : run_.line_in) {
      const Verdict verdict = reference_.judge(frame);
      if (!verdict.data_spi) continue;
      const auto [highest, first] = highest_data_.try_emplace(*verdict.data_spi, verdict.data_sequence);
      if (!first && is_later(verdict.data_sequence, highest->second)) highest->second = verdict.data_sequence;
    }
  }

  /// Customer frames from the core side are found in order; the rest of line_out must be answers.
  void split_line_out() {
    std::size_t next = 0;
    for (std::size_t i = 0; i < run_.line_out.size(); ++i) {
      if (next < run_.core_in.size() && run_.line_out[i] == run_.core_in[next]) {
        ++next;
      } else {
        by_head_[key(run_.line_out[i])].push_back({i});
        if (options_.allow_overflow && is_reply(run_.line_out[i])) replies_.push_back(i);
      }
    }
    result_.customer_out = next;
    if (next < run_.core_in.size()) {
      report(fmt::format("core frame {} of {} did not leave on the line side in order, byte for byte", next + 1,
                         run_.core_in.size()));
    }
  }

  [[nodiscard]] bool is_reply(const Bytes& frame) const {
    const Dissected at = dissect(frame);
    return at.kind == Dissected::Kind::spi && at.wrap.spi == reference_.config().control_spi &&
           frame[at.payload + 1] == type_echo_reply;
  }

  /// Where requests may be lost, the reply to a later copy of one looks like the reply to the lost one. Replies leave
  /// in the order of their requests, which tells them apart: the request in hand has been lost unless the next reply is
  /// its own.
  bool may_be_next(std::size_t index) {
    if (!options_.allow_overflow) return true;
    if (replies_.empty() || replies_.front() != index) return false;
    replies_.pop_front();
    return true;
  }

  /// Answers are looked up by size and first bytes: addresses, and with them most of what tells answers apart.
  static std::string key(View frame) {
    const std::size_t size = std::min<std::size_t>(frame.size(), 34);
    return std::string(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)) + std::to_string(frame.size());
  }

  template <class Matches>
  Sent* find_sent(View wanted, Matches matches) {
    const auto found = by_head_.find(key(wanted));
    if (found == by_head_.end()) return nullptr;
    for (Sent& sent : found->second) {
      if (!sent.used && matches(View(run_.line_out[sent.index]))) return &sent;
    }
    return nullptr;
  }

  void check_line_frame(View frame) {
    const Verdict verdict = reference_.judge(frame);
    if (verdict.outcome == Outcome::passed) check_passed(frame);
    if (run_.damaged.contains(
            frame_)) {  // is passed on as it is, mark included, or dropped; nothing is learned from it
      ++result_.expected[verdict.outcome == Outcome::passed ? "PASSED" : "DROP_MAC_ERROR"];
      if (verdict.fragment) ++result_.expected["FRAGMENTS"];
      return;
    }
    bool lost = false;
    if (verdict.answer) {
      const Answer& answer = *verdict.answer;
      if (answer.kind == Answer::Kind::reply) lost = !check_reply(*verdict.spi, answer);
      if (answer.kind == Answer::Kind::echo) lost = !check_whole(answer, result_.echoes);
      if (answer.kind == Answer::Kind::host_echo) check_held_back(answer, result_.host_echoes);
      if (answer.kind == Answer::Kind::error) check_held_back(answer, result_.errors);
    }
    if (lost) {
      ++result_.overflowed;
      if (!options_.allow_overflow) report_frame("a good request that was not answered");
      return;
    }
    ++result_.expected[verdict.counter];
    if (verdict.fragment) ++result_.expected["FRAGMENTS"];
    if (verdict.host_copy) ++copies_;
    reference_.commit(verdict);
  }

  void check_passed(View frame) {
    ++result_.customer_in;
    if (broken_) return;
    if (passed_ >= run_.core_out.size()) {
      report_frame("did not leave on the core side");
      broken_ = true;
    } else if (!equal(frame, run_.core_out[passed_])) {
      report_frame(fmt::format("core-out frame {}: {}", passed_ + 1, first_difference(frame, run_.core_out[passed_])));
      broken_ = true;
    }
    ++passed_;
  }

  bool check_whole(const Answer& answer, std::size_t& verified) {
    Sent* const sent = find_sent(answer.head, [&](View got) { return equal(got, answer.head); });
    if (sent == nullptr) return false;
    sent->used = true;
    ++verified;
    return true;
  }

  /// What the host sends, within its limits.
  void check_held_back(const Answer& answer, std::size_t& verified) {
    if (!check_whole(answer, verified)) ++result_.held_back;
  }

  /// False when there is no reply to this request at all.
  bool check_reply(std::uint32_t spi, const Answer& answer) {
    const Bytes wanted = answer.frame();
    Sent* const sent = find_sent(wanted, [&](View got) { return answer.begins(got); });
    if (sent == nullptr || !may_be_next(sent->index)) return false;
    sent->used = true;
    ++result_.replies;
    if (answer.sa->out.key.size() == 32) ++result_.replies_aes256;
    if (answer.telemetry) ++result_.replies_telemetry;
    const Bytes& got = run_.line_out[sent->index];
    const std::string where = fmt::format("reply in line-out frame {}", sent->index + 1);
    check_order(spi, sent->index, where);
    if (!answer.telemetry) {
      if (got != wanted) report_frame(where + ": " + first_difference(wanted, got));
      return true;
    }
    const auto filled = answer.telemetry_of(got);
    if (!filled) {
      report_frame(where + ": does not open with the outbound key and the sequence number that it carries");
      return true;
    }
    check_telemetry(spi, answer, *filled, where);
    const Bytes exact = answer.frame(filled);
    if (got != exact) report_frame(where + ": " + first_difference(exact, got));
    return true;
  }

  /// Replies of one SA leave in the order of their requests.
  void check_order(std::uint32_t spi, std::size_t index, const std::string& where) {
    std::size_t& last = last_reply_[spi];
    if (index + 1 <= last) report_frame(where + ": out of order");
    last = index + 1;
  }

  void check_telemetry(std::uint32_t spi, const Answer& answer, const Telemetry& got, const std::string& where) {
    const Telemetry known = read_telemetry(answer.plaintext);
    const std::uint8_t unknowable = known.flags & 2 ? 0 : 2;  // a customer frame may have come in meanwhile
    if ((got.flags & ~unknowable) != known.flags) {
      report_frame(fmt::format("{}: telemetry flags {} instead of {}", where, got.flags, known.flags));
    }
    check_token(spi, *answer.sa, got, where);
    if (got.t_transmit < got.t_receive) report_frame(where + ": transmitted before it was received");
    if (got.t_receive < last_receive_) report_frame(where + ": time of receipt goes backwards");
    last_receive_ = got.t_receive;
    check_data_sequence(spi, known, got, where);
  }

  void check_data_sequence(std::uint32_t spi, const Telemetry& known, const Telemetry& got, const std::string& where) {
    if ((got.flags & 2) == 0) {
      if (got.data_sequence != 0) report_frame(where + ": data sequence without its flag");
      return;
    }
    const auto highest = highest_data_.find(spi);
    const bool early = (known.flags & 2) != 0 && !is_later(got.data_sequence, known.data_sequence);
    if (early || highest == highest_data_.end() || !is_later(highest->second, got.data_sequence)) {
      report_frame(fmt::format("{}: data sequence {} is none of those at hand", where, got.data_sequence));
    }
  }

  /// The token is made from the token nonce beside it, which is the SA's and stays the same.
  void check_token(std::uint32_t spi, const Association& sa, const Telemetry& got, const std::string& where) {
    const auto& secret = reference_.config().secret;
    const Bytes none(kTokenNonceBytes);
    if (!secret) {
      if (got.token != Bytes(16) || got.token_nonce != none) report_frame(where + ": crash token without a secret");
      return;
    }
    if (got.token != crash_token(*secret, spi, got.token_nonce)) report_frame(where + ": wrong crash token");
    const Bytes& expected =
        sa.token_nonce.empty() ? token_nonces_.try_emplace(spi, got.token_nonce).first->second : sa.token_nonce;
    if (got.token_nonce != expected || got.token_nonce == none) report_frame(where + ": wrong token nonce");
  }

  void finish_streams() {
    if (!broken_ && passed_ < run_.core_out.size()) {
      report(fmt::format("core-out frame {} of {} was not asked for", passed_ + 1, run_.core_out.size()));
    }
    for (const auto& [head, frames] : by_head_) {
      for (const Sent& sent : frames) {
        if (!sent.used) report(fmt::format("line-out frame {} is no answer to anything", sent.index + 1));
      }
    }
    if (!options_.errors_may_be_missing && result_.held_back > 0) {
      report(fmt::format("{} answers of the host were not sent", result_.held_back));
    }
  }

  void check_counters() {
    Counters& expected = result_.expected;
    expected["LINE_RX_FRAMES"] = run_.line_in.size();
    expected["LINE_TX_FRAMES"] = run_.line_out.size();
    expected["CORE_RX_FRAMES"] = run_.core_in.size();
    expected["CORE_TX_FRAMES"] = run_.core_out.size();
    expected["LINE_RX_BYTES"] = bytes_of(run_.line_in);
    expected["LINE_TX_BYTES"] = bytes_of(run_.line_out);
    expected["CORE_RX_BYTES"] = bytes_of(run_.core_in);
    expected["CORE_TX_BYTES"] = bytes_of(run_.core_out);
    expected["FRAMES_FROM_HOST"] = result_.errors + result_.host_echoes;
    expect_sum("HOST", {"HOST", "DROP_LIMITED", "DROP_RING_FULL"}, expected["HOST"]);
    expect_sum("HOST_COPIES", {"HOST_COPIES", "COPIES_LIMITED"}, copies_);
    // What the sums above have settled, and what only the card can know.
    for (const char* name : {"HOST", "DROP_LIMITED", "DROP_RING_FULL", "HOST_COPIES", "COPIES_LIMITED"}) {
      expected[name] = counter(name);
    }
    expected["DROP_OVERFLOW"] = options_.allow_overflow ? counter("DROP_OVERFLOW") : 0;
    compare_counters();
    check_balance();
  }

  static std::uint64_t bytes_of(const std::vector<Bytes>& frames) {
    std::uint64_t sum = 0;
    for (const Bytes& frame : frames) sum += frame.size();
    return sum;
  }

  void expect_sum(const char* what, std::initializer_list<const char*> names, std::uint64_t wanted) {
    std::uint64_t sum = 0;
    for (const char* name : names) sum += counter(name);
    if (sum != wanted && !options_.allow_overflow) {
      report(fmt::format("counters {} (with those over the limit): {} instead of {}", what, sum, wanted));
    }
  }

  void compare_counters() {
    Counters all = result_.expected;
    for (const auto& [name, value] : run_.counters) all.try_emplace(name, 0);
    for (const auto& [name, wanted] : all) {
      const std::uint64_t got = counter(name);
      // Frames refused for a reason may be among those lost before the reason was found.
      const bool fewer_allowed = options_.allow_overflow && (name.starts_with("DROP_") || name == "KEEPALIVE");
      if (got > wanted || (got < wanted && !fewer_allowed)) {
        report(fmt::format("counter {}: {} instead of {}", name, got, wanted));
      }
    }
  }

  void check_balance() {
    std::uint64_t sum = 0;
    for (const char* name : kEnds) sum += counter(name);
    for (const auto& [name, value] : run_.counters) sum += name.starts_with("DROP_") ? value : 0;
    if (sum != counter("LINE_RX_FRAMES")) {
      report(fmt::format("counters: {} line frames in, {} accounted for", counter("LINE_RX_FRAMES"), sum));
    }
  }

  Reference reference_;
  const Run& run_;
  CheckOptions options_;
  CheckResult result_;
  std::map<std::string, std::vector<Sent>> by_head_;
  std::deque<std::size_t> replies_;  ///< with allow_overflow: those in line_out without a request yet
  std::map<std::uint32_t, std::uint32_t> highest_data_;
  std::map<std::uint32_t, Bytes> token_nonces_;  ///< as the first reply of an SA has told them
  std::map<std::uint32_t, std::size_t> last_reply_;
  std::uint64_t last_receive_ = 0;
  std::size_t frame_ = 0;
  std::size_t passed_ = 0;
  std::size_t copies_ = 0;
  std::size_t hidden_ = 0;
  bool broken_ = false;
};

}  // namespace

CheckResult check_run(const Config& config, const Run& run, const CheckOptions& options) {
  return Checker(config, run, options).check();
}

}  // namespace sapulse::traffic
