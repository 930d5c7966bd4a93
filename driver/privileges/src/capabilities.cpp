// SPDX-License-Identifier: Apache-2.0
#include "sapulse/capabilities.h"

#include <fmt/format.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace sapulse {
namespace {

constexpr std::array kDropped{CAP_NET_RAW, CAP_NET_ADMIN};

tl::unexpected<Error> failed(const char* what) {
  return failure(Errc::io_error, fmt::format("{}: {}", what, std::generic_category().message(errno)));
}

}  // namespace

// The system calls, not libcap: they are all that is needed of it.
Result<void> drop_network_capabilities(NetAdmin admin) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  if (syscall(SYS_capget, &header, sets.data()) != 0) return failed("reading capabilities");
  for (const int capability : kDropped) {
    if (capability == CAP_NET_ADMIN && admin == NetAdmin::keep) continue;
    // Out of the bounding set, so that no program started later gets it back; only those who may can do that.
    (void)prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    __user_cap_data_struct& set = sets.at(CAP_TO_INDEX(capability));
    const auto others = ~static_cast<std::uint32_t>(CAP_TO_MASK(capability));
    set.effective &= others;
    set.permitted &= others;
    set.inheritable &= others;
  }
  if (syscall(SYS_capset, &header, sets.data()) != 0) return failed("dropping capabilities");
  return {};
}

}  // namespace sapulse
