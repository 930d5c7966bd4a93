// SPDX-License-Identifier: Apache-2.0
// A directory of its own for each test.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace sapulse::test {

/// A directory that goes away with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sapulse-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path state() const { return path_ / "state"; }
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return state() / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace sapulse::test
