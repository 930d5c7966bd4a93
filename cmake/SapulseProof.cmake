# SPDX-License-Identifier: Apache-2.0
# Proofs of RTL (scripts/prove.py).
#
# sapulse_add_proof(<name> TOP <module> SOURCES <file>... [PARAMETERS <name=value>...] [OPTIONS <option>...])
#   Registers the proof of the assertions in <module> as the test rtl.proof.<name>, with the label "proof". SOURCES: packages first;
#   paths may be relative to the calling folder; what proofs share (rtl/common/tests/proof_*.sv) is added. OPTIONS: of prove.py.

include_guard(GLOBAL)

function(sapulse_add_proof name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TOP" "SOURCES;PARAMETERS;OPTIONS")
  foreach(required TOP SOURCES)
    if(NOT arg_${required})
      message(FATAL_ERROR "sapulse_add_proof(${name}): ${required} is missing")
    endif()
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/common/tests/proof_*.sv)
  foreach(file IN LISTS arg_SOURCES)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    list(APPEND sources ${file})
  endforeach()
  set(options ${arg_OPTIONS})
  foreach(folder IN LISTS SAPULSE_RTL_INCLUDES)
    list(APPEND options --include ${folder})
  endforeach()
  foreach(parameter IN LISTS arg_PARAMETERS)
    list(APPEND options --parameter ${parameter})
  endforeach()
  set(work ${CMAKE_CURRENT_BINARY_DIR}/${name})
  file(MAKE_DIRECTORY ${work})
  add_test(NAME rtl.proof.${name} COMMAND ${SAPULSE_VENV_PYTHON} ${CMAKE_SOURCE_DIR}/scripts/prove.py --top ${arg_TOP}
           --work ${work} ${options} ${sources})
  set_tests_properties(rtl.proof.${name} PROPERTIES LABELS proof TIMEOUT 1500)
endfunction()
