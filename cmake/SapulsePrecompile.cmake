# SPDX-License-Identifier: Apache-2.0
# sapulse_precompile(<target> [<header>...]): parses the headers of the standard library and those given once for all sources of a
# target, which halves the time that they take to compile. Sources still include all that they need: make lint, and the host by
# itself (host.alone), are compiled without.
function(sapulse_precompile target)
  target_precompile_headers(${target} PRIVATE
    <algorithm> <array> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <optional> <span> <string> <string_view>
    <utility> <vector>
    <fmt/format.h> ${ARGN})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Without, ccache would take each build's precompiled header for another one.
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()
