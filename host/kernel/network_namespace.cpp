// SPDX-License-Identifier: Apache-2.0
#include "network_namespace.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>

#include <cerrno>
#include <system_error>
#include <thread>

#include "sapulse/file_descriptor.h"

namespace sapulse::kernel {
namespace {

Result<void> enter(const std::string& name) {
  const auto fail = [&](int error) {
    return failure(error == ENOENT ? Errc::not_found : Errc::io_error,
                   fmt::format("network namespace {}: {}", name, std::generic_category().message(error)));
  };
  if (name.find('/') != std::string::npos) return fail(EINVAL);
  const FileDescriptor place(::open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC));
  if (!place || ::setns(place.get(), CLONE_NEWNET) < 0) return fail(errno);
  return {};
}

}  // namespace

Result<void> in_network_namespace(const std::string& name, const std::function<Result<void>()>& open) {
  if (name.empty()) return open();
  Result<void> result;
  std::thread([&] { result = enter(name).and_then(open); }).join();
  return result;
}

}  // namespace sapulse::kernel
