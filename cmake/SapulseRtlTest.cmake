# SPDX-License-Identifier: Apache-2.0
# Unit tests of RTL modules: GoogleTest on a Verilated module.
#
# sapulse_verilate(<library> TOP <module> SOURCES <file>... [INCLUDES <dir>...] [PARAMETERS <name=value>...] [ARGS <arg>...] [DEPENDS ...])
#   Builds the static library <library> with the C++ class V<module> (header V<module>.h) of the Verilated module.
#   Packages come before the modules that use them. DEPENDS names targets that generate sources.
#
# sapulse_add_rtl_test(NAME <name> TOP <module> SOURCES <file>.. TESTS <file.cpp>.. [INCLUDES ..] [PARAMETERS ..] [ARGS ..] [DEPENDS ..])
#   Builds the GoogleTest executable <name> from TESTS on that class and registers its tests with CTest under the prefix "rtl.".
#   Paths may be relative to the calling folder. <name> is unique in the project, for instance rtl_sync_fifo_test.

include_guard(GLOBAL)

set(SAPULSE_SHOW_LOG ${CMAKE_CURRENT_LIST_DIR}/ShowLogAndFail.cmake CACHE INTERNAL "prints a log and fails")
find_program(SAPULSE_VERILATOR NAMES verilator REQUIRED)
find_program(SAPULSE_CCACHE NAMES ccache)
find_package(Threads REQUIRED)

if(NOT DEFINED SAPULSE_VERILATOR_ROOT)
  execute_process(
    COMMAND ${SAPULSE_VERILATOR} --getenv VERILATOR_ROOT
    OUTPUT_VARIABLE verilator_root
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(SAPULSE_VERILATOR_ROOT ${verilator_root} CACHE INTERNAL "Verilator's include files and run-time sources")
endif()

# The run-time of Verilator, built once for all Verilated libraries.
if(NOT TARGET sapulse_verilated)
  add_library(sapulse_verilated STATIC
    ${SAPULSE_VERILATOR_ROOT}/include/verilated.cpp
    ${SAPULSE_VERILATOR_ROOT}/include/verilated_fst_c.cpp
    ${SAPULSE_VERILATOR_ROOT}/include/verilated_threads.cpp)
  target_include_directories(sapulse_verilated SYSTEM PUBLIC
    ${SAPULSE_VERILATOR_ROOT}/include ${SAPULSE_VERILATOR_ROOT}/include/vltstd)
  target_compile_definitions(sapulse_verilated PUBLIC VM_TRACE=1 VM_TRACE_FST=1 VM_TRACE_VCD=0 VM_COVERAGE=0 VM_SC=0)
  target_compile_options(sapulse_verilated PRIVATE -w -O3)
  target_link_libraries(sapulse_verilated PUBLIC Threads::Threads z)
endif()

function(sapulse_verilate library)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TOP" "SOURCES;INCLUDES;PARAMETERS;ARGS;DEPENDS")
  foreach(required TOP SOURCES)
    if(NOT arg_${required})
      message(FATAL_ERROR "sapulse_verilate(${library}): ${required} is missing")
    endif()
  endforeach()

  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${library}.verilated)
  set(archive ${folder}/V${arg_TOP}__ALL.a)
  set(sources)
  foreach(source IN LISTS arg_SOURCES)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    list(APPEND sources ${source})
  endforeach()
  set(flags)
  foreach(include IN LISTS arg_INCLUDES ITEMS ${CMAKE_SOURCE_DIR}/rtl/common)
    list(APPEND flags -I${include})
  endforeach()
  foreach(parameter IN LISTS arg_PARAMETERS)
    list(APPEND flags -G${parameter})
  endforeach()
  set(objcache)
  if(SAPULSE_CCACHE)
    set(objcache OBJCACHE=${SAPULSE_CCACHE})
  endif()

  file(MAKE_DIRECTORY ${folder})
  add_custom_command(
    OUTPUT ${archive}
    BYPRODUCTS ${folder}/V${arg_TOP}.h
    COMMAND ${CMAKE_COMMAND} -E env CXX=${CMAKE_CXX_COMPILER} ${objcache}
            ${SAPULSE_VERILATOR} --cc --build -j 1 --Mdir ${folder} --prefix V${arg_TOP} --top-module ${arg_TOP}
            --assert --trace-fst --trace-structs -Wall -Wno-fatal --x-assign unique --x-initial unique
            -MAKEFLAGS "CXX=${CMAKE_CXX_COMPILER}" -MAKEFLAGS "OPT_FAST=-O1"
            ${flags} ${arg_ARGS} ${sources} > ${folder}/verilator.log 2>&1
            || ${CMAKE_COMMAND} -DLOG=${folder}/verilator.log -P ${SAPULSE_SHOW_LOG}
    DEPENDS ${sources} ${arg_DEPENDS}
    COMMENT "Verilating ${arg_TOP}"
    VERBATIM)
  add_custom_target(${library}_archive DEPENDS ${archive})
  add_library(${library} INTERFACE)
  add_dependencies(${library} ${library}_archive)
  target_include_directories(${library} SYSTEM INTERFACE ${folder})
  target_link_libraries(${library} INTERFACE ${archive} sapulse_verilated)
endfunction()

function(sapulse_add_rtl_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;TOP" "SOURCES;TESTS;INCLUDES;PARAMETERS;ARGS;DEPENDS")
  foreach(required NAME TOP SOURCES TESTS)
    if(NOT arg_${required})
      message(FATAL_ERROR "sapulse_add_rtl_test(${arg_NAME}): ${required} is missing")
    endif()
  endforeach()
  sapulse_verilate(${arg_NAME}_model TOP ${arg_TOP} SOURCES ${arg_SOURCES} INCLUDES ${arg_INCLUDES}
                   PARAMETERS ${arg_PARAMETERS} ARGS ${arg_ARGS} DEPENDS ${arg_DEPENDS})
  add_executable(${arg_NAME} ${arg_TESTS})
  add_dependencies(${arg_NAME} ${arg_NAME}_model_archive)
  target_include_directories(${arg_NAME} PRIVATE ${CMAKE_SOURCE_DIR}/rtl/common/tests)
  target_link_libraries(${arg_NAME} PRIVATE ${arg_NAME}_model GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${arg_NAME} TEST_PREFIX "rtl." PROPERTIES LABELS rtl)
endfunction()
