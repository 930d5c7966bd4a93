// SPDX-License-Identifier: Apache-2.0
// The example on the simulated card: sapulse_endpoint_example SAS.yaml
#include <iostream>

#include "endpoint.h"
#include "sapulse/sim_device.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " SAS.yaml\n";
    return 2;
  }
  auto device = sapulse::SimDevice::create({});
  if (!device) {
    std::cerr << device.error().message << '\n';
    return 1;
  }
  const auto done = sapulse::examples::run_endpoint(**device, argv[1], std::chrono::microseconds(10), std::cout);
  if (done) return 0;
  std::cerr << done.error().message << '\n';
  return done.error().code == sapulse::Errc::parse_error ? 2 : 1;
}
