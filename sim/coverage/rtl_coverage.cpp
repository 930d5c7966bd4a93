// SPDX-License-Identifier: Apache-2.0
#include "rtl_coverage.h"

#include <unistd.h>
#include <verilated.h>
#include <verilated_cov.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <unordered_map>

namespace {

/// Counters of all models of this program that have ended. Verilator keeps them in each model, and writes one file for
/// each context: thousands for a test program.
class Counters {
 public:
  explicit Counters(std::filesystem::path folder)
      : file_(folder / ("coverage-" + std::to_string(::getpid()) + ".dat")) {}
  Counters(const Counters&) = delete;
  Counters& operator=(const Counters&) = delete;
  ~Counters() {
    std::ofstream out(file_);
    out << kHead << '\n';
    for (const auto& [point, count] : counts_) out << point << ' ' << count << '\n';
  }

  void add(VerilatedContext& context) {
    const std::scoped_lock lock(mutex_);
    const std::string part = file_.string() + ".part";
    context.coveragep()->write(part.c_str());
    context.coveragep()->clear();  // models may share a context, and this one's counters are gone soon
    std::ifstream in(part);
    for (std::string line; std::getline(in, line);) {
      // C '<point>' <count>
      const std::size_t end = line.rfind(' ');
      if (line.starts_with("C ")) counts_[line.substr(0, end)] += std::stoull(line.substr(end + 1));
    }
    std::filesystem::remove(part);
  }

 private:
  static constexpr const char* kHead = "# SystemC::Coverage-3";

  std::filesystem::path file_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> counts_;
};

}  // namespace

void sapulse_keep_coverage(VerilatedContext* context) {
  static const char* const folder = std::getenv("SAPULSE_RTL_COVERAGE_FOLDER");
  if (folder == nullptr) return;
  static Counters counters(folder);
  counters.add(*context);
}
