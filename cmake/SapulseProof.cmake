# SPDX-License-Identifier: Apache-2.0
# Proofs of RTL (scripts/prove.py), and that kernels equal their sources (hls/compiler/tests/proof).
#
# sapulse_add_proof(<name> TOP <module> SOURCES <file>... [PARAMETERS <name=value>...] [OPTIONS <option>...])
#   Registers the proof of the assertions in <module> as the test rtl.proof.<name>, with the label "proof". SOURCES: packages first;
#   paths may be relative to the calling folder; what proofs share (rtl/common/tests/proof_*.sv) is added. OPTIONS: of prove.py.
#
# sapulse_add_kernel_proof(<name> [TOP <module>] FOLDER <folder> [DEFINITIONS <file>] [DEFINE <function=module>...])
#   Registers rtl.proof.kernel_<name>: <folder>/<name>.sv, made by sapulse_add_kernel(<name> .. REFERENCE), equals its source.
#   DEFINITIONS: also these of its module functions and tables equal modules of that file.
#
# sapulse_add_long_proof(<name> COMMAND <command>... DEPENDS <target>...)
#   Makes a command a part of the target sapulse_prove_long, which is no test.

include_guard(GLOBAL)

# What has to be built for the proofs.
add_custom_target(sapulse_proof_inputs DEPENDS sapulse_contract_generate)
add_custom_target(sapulse_prove_long)

function(sapulse_add_long_proof name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "COMMAND;DEPENDS")
  add_custom_target(${name} COMMAND ${arg_COMMAND} VERBATIM)
  add_dependencies(${name} ${arg_DEPENDS})
  add_dependencies(sapulse_prove_long ${name})
endfunction()

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

function(sapulse_add_kernel_proof name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TOP;FOLDER;DEFINITIONS" "DEFINE")
  if(NOT arg_TOP)
    set(arg_TOP ${name})
  endif()
  set(options)
  if(arg_DEFINITIONS)
    set(options --definitions ${arg_DEFINITIONS})
  endif()
  foreach(definition IN LISTS arg_DEFINE)
    list(APPEND options --define ${definition})
  endforeach()
  add_test(NAME rtl.proof.kernel_${name}
    COMMAND ${SAPULSE_VENV_PYTHON} -B ${CMAKE_SOURCE_DIR}/hls/compiler/tests/proof/prove_kernel.py --top ${arg_TOP}
      --reference ${arg_FOLDER}/${name}_reference ${options} ${SAPULSE_HLS_LIB_RTL} ${arg_FOLDER}/${name}.sv)
  set_tests_properties(rtl.proof.kernel_${name} PROPERTIES LABELS proof TIMEOUT 1500)
  add_dependencies(sapulse_proof_inputs sapulse_kernel_rtl_${name})
endfunction()
