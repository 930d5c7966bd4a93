// SPDX-License-Identifier: Apache-2.0
// `sapulse sim --trace`: the waveform holds what GTKWave is told to show (sim/sapulse.gtkw), and that moves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <gtkwave/fstapi.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "support/program.h"
#include "traffic/capture.h"
#include "traffic/config.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

namespace fs = std::filesystem;

/// A waveform file; signals by the names that GTKWave 3.3.118 gives them.
class Waveform {
 public:
  explicit Waveform(const std::string& file) : reader_(fstReaderOpen(file.c_str()), fstReaderClose) {
    if (!reader_) throw std::runtime_error(file + " is no waveform");
    std::vector<std::string> scopes;
    while (const fstHier* entry = fstReaderIterateHier(reader_.get())) {
      if (entry->htyp == FST_HT_SCOPE) scopes.emplace_back(entry->u.scope.name);
      if (entry->htyp == FST_HT_UPSCOPE) scopes.pop_back();
      if (entry->htyp == FST_HT_VAR) add(scopes, entry->u.var);
    }
  }

  [[nodiscard]] bool has(const std::string& name) const { return signals_.contains(name); }
  /// Signals of these names that take more than one value.
  std::set<std::string> moving(const std::vector<std::string>& names) {
    fstReaderClrFacProcessMaskAll(reader_.get());
    for (const std::string& name : names) fstReaderSetFacProcessMask(reader_.get(), signals_.at(name));
    values_.clear();
    fstReaderIterBlocks(reader_.get(), note, this, nullptr);
    std::set<std::string> moving;
    for (const std::string& name : names) {
      if (values_[signals_.at(name)].size() > 1) moving.insert(name);
    }
    return moving;
  }

 private:
  using Variable = decltype(fstHier::u)::fstHierVar;

  void add(const std::vector<std::string>& scopes, const Variable& variable) {
    std::string name;
    for (const std::string& scope : scopes) name += scope + ".";
    name += variable.name;
    std::erase(name, ' ');  // in front of the bits
    if (variable.length == 1 && name.ends_with("[0:0]")) name.replace(name.size() - 5, 5, "[0]");
    signals_[name] = variable.handle;
  }

  static void note(void* self, std::uint64_t, fstHandle signal, const unsigned char* value) {
    static_cast<Waveform*>(self)->values_[signal].insert(reinterpret_cast<const char*>(value));
  }

  std::unique_ptr<void, decltype(&fstReaderClose)> reader_;
  std::map<std::string, fstHandle> signals_;
  std::map<fstHandle, std::set<std::string>> values_;
};

/// What a save file of GTKWave shows: signals by group.
std::map<std::string, std::vector<std::string>> read_save_file(const std::string& file) {
  std::map<std::string, std::vector<std::string>> groups;
  std::ifstream stream(file);
  std::string group;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line.starts_with('[') || line.starts_with('*') || line.starts_with('@')) continue;
    if (line.starts_with('-')) {
      group = line.substr(1);
    } else {
      groups[group].push_back(line);
    }
  }
  return groups;
}

class WaveformTest : public testing::Test {
 protected:
  WaveformTest() {
    fs::create_directories(directory_);
    const traffic::Config config = traffic::sample_config(5, 3);
    std::ofstream(file("sas.yaml")) << traffic::to_yaml(config);
    traffic::Generator generator(config, 6, {.max_data = 100});
    std::vector<traffic::Bytes> line;
    std::vector<traffic::Bytes> core;
    for (int i = 0; i < 40; ++i) line.push_back(generator.line().frame);
    for (int i = 0; i < 5; ++i) core.push_back(generator.core().frame);
    traffic::write_frames(file("line.pcap"), line);
    traffic::write_frames(file("core.pcap"), core);
  }
  ~WaveformTest() override { fs::remove_all(directory_); }

  std::string file(const std::string& name) const { return (directory_ / name).string(); }

  fs::path directory_ = fs::path(testing::TempDir()) / ("sapulse-waveform-" + std::to_string(getpid()));
};

TEST_F(WaveformTest, HoldsWhatGtkwaveIsToldToShow) {
  const Ended ended =
      run_program(std::string(SAPULSE_COMMAND) + " sim --sas " + file("sas.yaml") + " --line-in " + file("line.pcap") +
                  " --core-in " + file("core.pcap") + " --line-out " + file("line-out.pcap") + " --core-out " +
                  file("core-out.pcap") + " --trace " + file("trace.fst"));
  ASSERT_EQ(ended.code, 0) << ended.output;
  Waveform waveform(file("trace.fst"));
  const auto groups = read_save_file(SAPULSE_SAVE_FILE);
  std::vector<std::string> names;
  for (const auto& [name, signals] : groups) names.push_back(name);
  EXPECT_THAT(names,
              testing::UnorderedElementsAre("Clock", "Line in", "Classify", "Open", "Respond", "Seal", "Line out",
                                            "Core in", "Core out", "AXI-Lite", "AXI DMA", "Interrupts"));
  for (const auto& [name, signals] : groups) {
    for (const std::string& signal : signals) ASSERT_TRUE(waveform.has(signal)) << name << " shows " << signal;
    EXPECT_GT(waveform.moving(signals).size(), signals.size() / 2) << name << " shows mostly what never changes";
  }
}

}  // namespace
}  // namespace sapulse::test
