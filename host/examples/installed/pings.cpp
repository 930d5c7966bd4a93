// SPDX-License-Identifier: Apache-2.0
// Example in C++: pings every SA of a configuration file once.
//
//   ./pings sim sas.yaml
#include <sapulse/endpoint.h>
#include <sapulse/open_device.h>

#include <iostream>

namespace {

using namespace std::chrono_literals;

sapulse::Result<void> ping_all(sapulse::Endpoint& endpoint) {
  for (const sapulse::SaInfo& sa : endpoint.sas().list()) {
    const auto ping = endpoint.pinger().ping(sa.spi_in, {.data_bytes = 48, .timeout = 30us});
    if (!ping && ping.error().code != sapulse::Errc::unsupported) return tl::unexpected(ping.error());
    std::cout << sa.name << ": ";
    if (!ping) {
      std::cout << "this card cannot ask\n";
    } else if (!ping->answered) {
      std::cout << "no answer\n";
    } else {
      std::cout << "answered in " << ping->rtt().count() << " ns\n";
    }
  }
  return {};
}

sapulse::Result<void> run(const char* device_name, const char* file) {
  constexpr std::size_t kMostSas = 65536;
  const auto config = sapulse::load_config(file, kMostSas);
  if (!config) return tl::unexpected(config.error());
  const auto address = sapulse::DeviceAddress::parse(device_name);
  if (!address) return tl::unexpected(address.error());
  const auto device = sapulse::open_device(*address);
  if (!device) return tl::unexpected(device.error());
  const auto endpoint = sapulse::Endpoint::open(**device, *config);
  if (!endpoint) return tl::unexpected(endpoint.error());
  return ping_all(**endpoint).and_then([&] { return (*endpoint)->close(); });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: " << argv[0] << " DEVICE SAS.yaml\n";
    return 2;
  }
  const auto done = run(argv[1], argv[2]);
  if (done) return 0;
  std::cerr << done.error().message << '\n';
  return 1;
}
