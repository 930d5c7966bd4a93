// SPDX-License-Identifier: Apache-2.0
#include "xrt_rig.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "support/convert.h"

namespace sapulse::test {

std::string emulated_xclbin() {
  const char* const file = std::getenv("SAPULSE_XCLBIN");
  if (file == nullptr)
    throw std::runtime_error("SAPULSE_XCLBIN is not set: the program must be run by sapulse-xrt-run");
  return file;
}

XrtRig::XrtRig(unsigned index) {
  const std::filesystem::path xclbin = emulated_xclbin();
  const auto open = [&]() -> Result<void> {
    auto device = XrtDevice::open(xclbin, index);
    if (!device) return tl::unexpected(device.error());
    device_ = *std::move(device);
    return {};
  };
  const auto socket = xclbin.parent_path() / ("traffic" + std::to_string(index));
  client_ = must(sim::xrt::TrafficClient::serve(socket, open), "XRT card");
}

void XrtRig::send(Side side, std::span<const traffic::Bytes> frames) {
  std::vector<std::vector<std::byte>> offered;
  for (const traffic::Bytes& frame : frames) offered.push_back(to_frame(frame));
  must(client_->send(static_cast<unsigned>(side), offered), "frames");
}

std::vector<traffic::Bytes> XrtRig::take(Side side) {
  std::vector<traffic::Bytes> frames;
  for (const auto& frame : must(client_->take(static_cast<unsigned>(side)), "frames")) {
    frames.push_back(to_bytes(frame));
  }
  return frames;
}

std::uint64_t XrtRig::dma_faults() { return must(client_->dma_faults(), "faults"); }

std::vector<std::string> XrtRig::complaints() {
  std::vector<std::string> lines;
  while (auto line = must(client_->complaint(), "complaints")) lines.push_back(*std::move(line));
  return lines;
}

}  // namespace sapulse::test
