# SPDX-License-Identifier: Apache-2.0
# What SAPULSE_SANITIZE means for compiler and linker. scripts/sanitize.sh builds and runs the tests that are worth it.
if(SAPULSE_SANITIZE STREQUAL "address")
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all -fsanitize=fuzzer-no-link)
elseif(SAPULSE_SANITIZE STREQUAL "thread")
  set(sanitizers -fsanitize=thread)
elseif(SAPULSE_SANITIZE)
  message(FATAL_ERROR "SAPULSE_SANITIZE is '${SAPULSE_SANITIZE}': must be address, thread or empty")
else()
  return()
endif()
add_compile_options(${sanitizers} -fno-omit-frame-pointer -gline-tables-only)
add_link_options(${sanitizers})
