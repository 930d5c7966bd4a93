// SPDX-License-Identifier: Apache-2.0
// sapulse-xrt-xclbin FILE: writes the xclbin of the simulated card.
#include <fmt/format.h>
#include <uuid.h>

#include <fstream>

#include "xclbin_writer.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: {} FILE\n", argv[0]);
    return 2;
  }
  sapulse::sim::xrt::Uuid uuid{};
  uuid_generate(uuid.data());
  std::ofstream file(argv[1], std::ios::binary);
  file << sapulse::sim::xrt::make_xclbin(uuid);
  if (!file.flush()) {
    fmt::print(stderr, "{}: {}: cannot be written\n", argv[0], argv[1]);
    return 1;
  }
  return 0;
}
