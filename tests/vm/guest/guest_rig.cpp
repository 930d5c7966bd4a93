// SPDX-License-Identifier: Apache-2.0
#include "guest_rig.h"

#include "network_namespace.h"
#include "support/convert.h"

namespace sapulse::test {
namespace {

PacketPort open_port(const std::string& interface, const std::string& name_space) {
  const NetworkNamespace inside(name_space);
  return PacketPort(interface);
}

}  // namespace

GuestRig::GuestRig(const VfioOptions& options, const std::string& core_namespace)
    : core_(open_port("eth1", core_namespace)),
      faults_before_(count_faults()),
      device_(must(VfioDevice::open(options), "card")) {
  drain();  // an earlier test may have left some
}

void GuestRig::drain() {
  control_.ask("settle");
  for (PacketPort* port : {&line_, &core_}) {
    const traffic::Bytes marker = traffic::from_hex(control_.ask(port == &line_ ? "mark line" : "mark core"));
    while (port->receive(1000) != marker) {
    }
  }
}

std::vector<traffic::Bytes> GuestRig::take(Side side) {
  std::vector<traffic::Bytes> frames;
  while (auto frame = port(side).receive()) frames.push_back(*std::move(frame));
  return frames;
}

std::uint64_t GuestRig::count_faults() { return control_.number("faults") + control_.number("blocked"); }
std::uint64_t GuestRig::dma_faults() { return count_faults() - faults_before_; }

std::vector<std::string> GuestRig::complaints() {
  const std::string text = control_.ask("complaints");
  if (text == "none") return {};
  return {text};
}

}  // namespace sapulse::test
