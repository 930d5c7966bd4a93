// SPDX-License-Identifier: Apache-2.0
#include "nearest_pairs.h"

#include <functional>
#include <queue>
#include <tuple>

namespace sapulse::kernel {
namespace {

/// The nearest two of different kind are always neighbours among those that are left.
class Line {
 public:
  explicit Line(const std::vector<Installed>& line) : line_(line), previous_(line.size()), next_(line.size()) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      previous_[i] = i == 0 ? none() : i - 1;
      next_[i] = i + 1;
      if (i > 0) offer(i - 1, i);
    }
  }

  std::vector<std::pair<std::size_t, std::size_t>> join_all() {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::vector<bool> joined(line_.size());
    while (!offers_.empty()) {
      const auto [distance, turned, left, right] = offers_.top();
      offers_.pop();
      if (joined[left] || joined[right]) continue;
      joined[left] = joined[right] = true;
      line_[left].inbound ? pairs.emplace_back(left, right) : pairs.emplace_back(right, left);
      close_gap(previous_[left], next_[right]);
    }
    return pairs;
  }

 private:
  using Offer = std::tuple<std::uint64_t, bool, std::size_t, std::size_t>;  // distance, outbound first, left, right

  [[nodiscard]] std::size_t none() const { return line_.size(); }

  void offer(std::size_t left, std::size_t right) {
    if (line_[left].inbound == line_[right].inbound) return;
    offers_.emplace(line_[right].time - line_[left].time, !line_[left].inbound, left, right);
  }

  void close_gap(std::size_t left, std::size_t right) {
    if (left != none()) next_[left] = right;
    if (right != none()) previous_[right] = left;
    if (left != none() && right != none()) offer(left, right);
  }

  const std::vector<Installed>& line_;
  std::vector<std::size_t> previous_;
  std::vector<std::size_t> next_;
  std::priority_queue<Offer, std::vector<Offer>, std::greater<>> offers_;
};

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> nearest_pairs(const std::vector<Installed>& line) {
  return Line(line).join_all();
}

}  // namespace sapulse::kernel
