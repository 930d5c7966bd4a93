// SPDX-License-Identifier: Apache-2.0
// Memories behind the AXI4 ports of a kernel (AMBA AXI, IHI 0022): answers in order, after random times, with pauses.
//
//   cosim::Memories memories;
//   memories.add("a", 0x1000, before, after);            // bytes; at the end of a run they must be as after
//   COSIM_AXI(bench, memories, m_axi_gmem, 32);          // ports m_axi_gmem_ARADDR and so on, 32 data bits
//   COSIM_CALLS(bench, 1);                               // ports ap_start, ap_ready, ap_done
//
// Reads see memory as it is when they are asked for, writes change it when they are answered.
#pragma once

#include <deque>
#include <tuple>

#include "cosim.h"

namespace cosim {

/// Parts of an address space.
class Memories {
 public:
  void add(const std::string& name, std::uint64_t address, std::vector<unsigned char> before,
           std::vector<unsigned char> after) {
    parts_.push_back({name, address, before, before, std::move(after)});
  }

  template <class T>
  void add(const std::string& name, std::uint64_t address, const std::vector<T>& before, const std::vector<T>& after) {
    add(name, address, to_bytes(before), to_bytes(after));
  }

  /// All accesses to this address are answered by SLVERR.
  void break_at(std::uint64_t address) { broken_.push_back(address); }

  void reset() {
    for (Part& p : parts_) p.now = p.before;
  }

  /// A byte, or null where nothing is.
  unsigned char* at(std::uint64_t address) {
    for (Part& p : parts_) {
      if (address - p.address < p.now.size()) return &p.now[address - p.address];
    }
    return nullptr;
  }

  bool is_broken(std::uint64_t address, std::uint64_t bytes) const {
    return std::any_of(broken_.begin(), broken_.end(), [&](std::uint64_t b) { return b - address < bytes; });
  }

  std::string difference() const {
    for (const Part& p : parts_) {
      for (std::size_t i = 0; i < p.now.size(); i++) {
        if (p.now[i] == p.after[i]) continue;
        char text[100];
        std::snprintf(text, sizeof text, ", byte %zu: expected %02x, got %02x", i, p.after[i], p.now[i]);
        return "memory " + p.name + text;
      }
    }
    return "";
  }

 private:
  struct Part {
    std::string name;
    std::uint64_t address;
    std::vector<unsigned char> before, now, after;
  };

  template <class T>
  static std::vector<unsigned char> to_bytes(const std::vector<T>& v) {
    const auto* first = reinterpret_cast<const unsigned char*>(v.data());
    return {first, first + v.size() * sizeof(T)};
  }

  std::vector<Part> parts_;
  std::vector<std::uint64_t> broken_;
};

/// One AXI4 port, as a subordinate.
/// @tparam Pins tuple of functions from the model to its ports, in the order of COSIM_AXI
template <class Model, class Pins>
class AxiPort : public Device<Model> {
 public:
  /// @param error what the port m_axi_.._error shows at the end
  AxiPort(Memories& memories, const std::string& name, unsigned bits, Pins pins, std::uint64_t seed, unsigned error)
      : memories_(memories), name_(name), bytes_(bits / 8), pins_(pins), random_(seed), error_(error) {}

  void reset(Model& m) override {
    memories_.reset();
    reads_.clear();
    writes_.clear();
    data_.clear();
    answers_.clear();
    fault_.clear();
    r_offered_ = b_offered_ = false;
    pin<kRvalid>(m) = pin<kBvalid>(m) = pin<kArready>(m) = pin<kAwready>(m) = pin<kWready>(m) = 0;
    pin<kRid>(m) = pin<kBid>(m) = 0;
  }

  void drive(Model& m, const Mode& mode) override {
    now_++;
    pin<kArready>(m) = chance(mode.sink);
    pin<kAwready>(m) = chance(mode.sink);
    pin<kWready>(m) = chance(mode.sink);
    if (!r_offered_ && !reads_.empty() && reads_.front().due <= now_ && chance(mode.source)) offer_read(m);
    if (!b_offered_ && !answers_.empty() && answers_.front().due <= now_ && chance(mode.source)) offer_answer(m);
    pin<kRvalid>(m) = r_offered_;
    pin<kBvalid>(m) = b_offered_;
  }

  bool observe(Model& m) override {
    bool moved = false;
    if (pin<kArvalid>(m) && pin<kArready>(m)) moved = take_address<kAraddr>(m, reads_);
    if (pin<kAwvalid>(m) && pin<kAwready>(m)) moved = take_address<kAwaddr>(m, writes_);
    if (pin<kWvalid>(m) && pin<kWready>(m)) {
      data_.push_back({get_pin(pin<kWdata>(m), parts(8 * bytes_)), get_pin(pin<kWstrb>(m), parts(bytes_)),
                       pin<kWlast>(m) != 0});
      moved = true;
    }
    if (r_offered_ && pin<kRready>(m)) moved = !(r_offered_ = false);
    if (b_offered_ && pin<kBready>(m)) moved = !(b_offered_ = false);
    finish_write();
    return moved;
  }

  std::string fault() const override { return fault_.empty() ? "" : name_ + ": " + fault_; }

  std::string fault_at_end(Model& m) const override {
    if (!reads_.empty() || !writes_.empty() || !data_.empty() || !answers_.empty()) return name_ + ": unfinished bursts";
    if (std::get<kError>(pins_)(m) != error_) return name_ + ": error shows " + std::to_string(std::get<kError>(pins_)(m));
    return memories_.difference();
  }

 private:
  enum Pin {
    kArvalid, kArready, kAraddr, kArlen, kArsize, kArburst, kAwvalid, kAwready, kAwaddr, kAwlen, kAwsize, kAwburst,
    kWvalid, kWready, kWdata, kWstrb, kWlast, kBvalid, kBready, kBresp, kBid, kRvalid, kRready, kRdata, kRlast, kRresp,
    kRid, kError
  };
  struct Burst {
    std::uint64_t address = 0, due = 0;
    unsigned beats = 0, next = 0;
    std::vector<Word> words;
    bool broken = false;
  };
  struct Beat {
    Word data, strobes;
    bool last;
  };

  template <int P>
  auto& pin(Model& m) {
    return std::get<P>(pins_)(m);
  }

  bool chance(double p) { return random_.chance(p); }
  static std::size_t parts(unsigned bits) { return (bits + 31) / 32; }
  void report(const std::string& what) {
    if (fault_.empty()) fault_ = what;
  }

  template <int Address>
  bool take_address(Model& m, std::deque<Burst>& queue) {
    Burst b;
    b.address = pin<Address>(m);
    b.beats = pin<Address + 1>(m) + 1U;
    const std::uint64_t last = b.address + std::uint64_t{b.beats} * bytes_ - 1;
    if ((1U << pin<Address + 2>(m)) != bytes_ || pin<Address + 3>(m) != 1) report("a burst of another size or kind");
    if (b.address % bytes_ != 0) report("a burst that is not aligned");
    if (b.address >> 12 != last >> 12) report("a burst across 4 KiB");
    if (!memories_.at(b.address) || !memories_.at(last)) report("a burst outside of all memories");
    b.due = now_ + 1 + random_.below(40);
    if (!queue.empty()) b.due = std::max(b.due, queue.back().due);
    b.broken = memories_.is_broken(b.address, last - b.address + 1);
    if (Address == kAraddr && fault_.empty()) {
      for (unsigned i = 0; i < b.beats; i++) b.words.push_back(word_at(b.address + std::uint64_t{i} * bytes_));
    }
    queue.push_back(std::move(b));
    return true;
  }

  Word word_at(std::uint64_t address) {
    Word w(parts(8 * bytes_));
    for (unsigned i = 0; i < bytes_; i++) put_bits(w, std::size_t{8} * i, *memories_.at(address + i), 8);
    return w;
  }

  void offer_read(Model& m) {
    Burst& b = reads_.front();
    set_pin(pin<kRdata>(m), b.words[b.next]);
    pin<kRresp>(m) = b.broken ? 2 : 0;
    pin<kRlast>(m) = ++b.next == b.beats;
    r_offered_ = true;
    if (b.next == b.beats) reads_.pop_front();
  }

  /// The data of the oldest write, when they have come.
  void finish_write() {
    if (writes_.empty() || data_.size() < writes_.front().beats) return;
    Burst b = std::move(writes_.front());
    writes_.pop_front();
    for (unsigned i = 0; i < b.beats; i++) {
      if (data_[i].last != (i + 1 == b.beats)) report("WLAST at another beat");
    }
    b.due = std::max(b.due, now_ + 1);
    beats_.insert(beats_.end(), data_.begin(), data_.begin() + b.beats);
    data_.erase(data_.begin(), data_.begin() + b.beats);
    answers_.push_back(std::move(b));
  }

  void offer_answer(Model& m) {
    const Burst b = answers_.front();
    answers_.pop_front();
    for (unsigned i = 0; i < b.beats * bytes_; i++) {
      const Beat& beat = beats_[i / bytes_];
      const unsigned lane = i % bytes_;
      unsigned char* byte = memories_.at(b.address + i);
      if (byte && (beat.strobes[lane / 32] >> lane % 32 & 1) && !b.broken)
        *byte = static_cast<unsigned char>(beat.data[lane / 4] >> 8 * (lane % 4));
    }
    beats_.erase(beats_.begin(), beats_.begin() + b.beats);
    pin<kBresp>(m) = b.broken ? 2 : 0;
    b_offered_ = true;
  }

  Memories& memories_;
  std::string name_;
  unsigned bytes_;
  Pins pins_;
  Random random_;
  unsigned error_;
  std::uint64_t now_ = 0;
  std::deque<Burst> reads_, writes_, answers_;
  std::deque<Beat> data_, beats_;  ///< of writes that are not complete, and of those that are not answered
  bool r_offered_ = false, b_offered_ = false;
  std::string fault_;
};

template <class Model, class Pins>
void add_axi_port(Bench<Model>& bench, Memories& memories, const std::string& name, unsigned bits, Pins pins,
                  unsigned error = 0) {
  bench.add(std::make_unique<AxiPort<Model, Pins>>(memories, name, bits, pins, seed(), error));
}

#define COSIM_AXI(bench, memories, port, bits, ...)                                                                   \
  cosim::add_axi_port(                                                                                                \
      bench, memories, #port, bits,                                                                                   \
      std::tuple{COSIM_PORT(port##_ARVALID), COSIM_PORT(port##_ARREADY), COSIM_PORT(port##_ARADDR),                   \
                 COSIM_PORT(port##_ARLEN),   COSIM_PORT(port##_ARSIZE),  COSIM_PORT(port##_ARBURST),                  \
                 COSIM_PORT(port##_AWVALID), COSIM_PORT(port##_AWREADY), COSIM_PORT(port##_AWADDR),                   \
                 COSIM_PORT(port##_AWLEN),   COSIM_PORT(port##_AWSIZE),  COSIM_PORT(port##_AWBURST),                  \
                 COSIM_PORT(port##_WVALID),  COSIM_PORT(port##_WREADY),  COSIM_PORT(port##_WDATA),                    \
                 COSIM_PORT(port##_WSTRB),   COSIM_PORT(port##_WLAST),   COSIM_PORT(port##_BVALID),                   \
                 COSIM_PORT(port##_BREADY),  COSIM_PORT(port##_BRESP),   COSIM_PORT(port##_BID),                      \
                 COSIM_PORT(port##_RVALID),  COSIM_PORT(port##_RREADY),  COSIM_PORT(port##_RDATA),                    \
                 COSIM_PORT(port##_RLAST),   COSIM_PORT(port##_RRESP),   COSIM_PORT(port##_RID),                      \
                 COSIM_PORT(port##_error)}                                                                            \
          __VA_OPT__(, ) __VA_ARGS__)

/// A pin that is not there.
template <class Model>
CData& no_data(Model&) {
  static thread_local CData zero;
  return zero = 0;
}

/// Calls of a kernel by ap_start, each until ap_done.
template <class Model, class Start, class Ready, class Done>
void add_calls(Bench<Model>& bench, int calls, Start start, Ready ready, Done done) {
  const std::vector<Word> words(static_cast<std::size_t>(calls), Word{0});
  bench.source("ap_start", no_data<Model>, start, ready, words);
  bench.sink("ap_done", no_data<Model>, done, no_ready<Model>, words);
}

#define COSIM_CALLS(bench, prefix, calls) \
  cosim::add_calls(bench, calls, COSIM_PORT(prefix##ap_start), COSIM_PORT(prefix##ap_ready), COSIM_PORT(prefix##ap_done))

}  // namespace cosim
