// SPDX-License-Identifier: Apache-2.0
#include "text_file.h"

#include <fstream>
#include <iterator>
#include <system_error>

namespace sapulse {

Result<std::string> read_text_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) return failure(Errc::not_found, file.string() + ": no such file");
  if (std::filesystem::is_directory(status)) return failure(Errc::io_error, file.string() + ": is a directory");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return failure(Errc::io_error, file.string() + ": cannot be read");
  std::string text(std::istreambuf_iterator<char>(stream), {});
  if (stream.bad()) return failure(Errc::io_error, file.string() + ": cannot be read");
  return text;
}

}  // namespace sapulse
