// SPDX-License-Identifier: Apache-2.0
#include "process_secrecy.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "sapulse/secret_memory.h"

namespace sapulse::command {

void forbid_core_dumps() { (void)::prctl(PR_SET_DUMPABLE, 0); }  // the arguments are right, so it cannot fail

std::optional<std::string> secrecy_gap() {
  const SecretMemory memory = secret_memory();
  if (memory.locked) return std::nullopt;
  rlimit limit{};
  ::getrlimit(RLIMIT_MEMLOCK, &limit);
  return fmt::format(
      "keys can be swapped out: the limit of locked memory, {} KiB, does not allow {} KiB for them: raise it (ulimit "
      "-l, or "
      "LimitMEMLOCK= of a systemd unit)",
      limit.rlim_cur / 1024, memory.bytes / 1024);
}

}  // namespace sapulse::command
