# SPDX-License-Identifier: Apache-2.0
# RTL as C++ classes, by Verilator, and unit tests of RTL modules on them.
#
# sapulse_verilate(<library> TOP <module> SOURCES <file>... [CLASS <name>] [TRACED] [OPTIMISE <flag>] [RUNTIME <target>]
#                  [INCLUDES <dir>...] [PARAMETERS <name=value>...] [ARGS <arg>...] [DEPENDS ...])
#   Builds the static library <library> with the C++ class <name> (default V<module>; header <name>.h) of the Verilated module.
#   Packages come before the modules that use them. TRACED: it can write waveforms. OPTIMISE: how its C++ is compiled, default -O1.
#   RUNTIME: the library with Verilator's run-time, default sapulse_verilated. ARGS: of Verilator. DEPENDS names targets that
#   generate sources. Target <library>_archive makes header and archive.
#
# sapulse_add_rtl_test(NAME <name> TOP <module> SOURCES <file>.. TESTS <file.cpp>.. [INCLUDES ..] [PARAMETERS ..] [ARGS ..]
#                      [DEPENDS ..])
#   Builds the GoogleTest executable <name> from TESTS on that class and registers its tests with CTest under the prefix "rtl."; the
#   target rtl_tests builds all of these.
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

# With SAPULSE_RTL_COVERAGE, all RTL counts which of its lines run and which bits of its signals change; scripts/rtl_coverage.sh.
set(coverage_folder ${CMAKE_SOURCE_DIR}/sim/coverage)
set(verilated ${SAPULSE_VERILATOR_ROOT}/include)
set(run_time ${verilated}/verilated.cpp ${verilated}/verilated_fst_c.cpp ${verilated}/verilated_threads.cpp)
if(SAPULSE_RTL_COVERAGE)
  list(APPEND run_time ${verilated}/verilated_cov.cpp ${coverage_folder}/rtl_coverage.cpp)
  set(counts 1)
  # Split, a condition that its own body changes is counted as never true (Verilator 5.006).
  set(count_options --flatten -fno-split --coverage-line --coverage-toggle ${coverage_folder}/rtl_coverage.vlt)
  set(keep_options " -include ${coverage_folder}/rtl_coverage.h")
else()
  set(counts 0)
  set(count_options)
  set(keep_options)
endif()
set(SAPULSE_VERILATED_SOURCES ${run_time} CACHE INTERNAL "Verilator's run-time")
set(SAPULSE_VERILATED_DEFINITIONS VM_TRACE=1 VM_TRACE_FST=1 VM_TRACE_VCD=0 VM_COVERAGE=${counts} VM_SC=0
    CACHE INTERNAL "its macros")
set(SAPULSE_VERILATOR_COVERAGE ${count_options} CACHE INTERNAL "options of Verilator")
set(SAPULSE_KEEP_COVERAGE ${keep_options} CACHE INTERNAL "options for what Verilator makes")

# The run-time of Verilator, built once for all Verilated libraries.
if(NOT TARGET sapulse_verilated)
  add_library(sapulse_verilated STATIC ${SAPULSE_VERILATED_SOURCES})
  target_include_directories(sapulse_verilated SYSTEM PUBLIC
    ${SAPULSE_VERILATOR_ROOT}/include ${SAPULSE_VERILATOR_ROOT}/include/vltstd)
  target_compile_definitions(sapulse_verilated PUBLIC ${SAPULSE_VERILATED_DEFINITIONS})
  target_compile_options(sapulse_verilated PRIVATE -w -O3)
  target_link_libraries(sapulse_verilated PUBLIC Threads::Threads z)
endif()

function(sapulse_verilate library)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TRACED" "TOP;CLASS;OPTIMISE;RUNTIME" "SOURCES;INCLUDES;PARAMETERS;ARGS;DEPENDS")
  foreach(required TOP SOURCES)
    if(NOT arg_${required})
      message(FATAL_ERROR "sapulse_verilate(${library}): ${required} is missing")
    endif()
  endforeach()
  if(NOT arg_CLASS)
    set(arg_CLASS V${arg_TOP})
  endif()
  if(NOT arg_OPTIMISE)
    set(arg_OPTIMISE -O1)
  endif()
  if(NOT arg_RUNTIME)
    set(arg_RUNTIME sapulse_verilated)
  endif()

  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${library}.verilated)
  set(archive ${folder}/${arg_CLASS}__ALL.a)
  set(log ${folder}/verilator.log)
  set(show_log ${CMAKE_COMMAND} -DLOG=${log} -P ${SAPULSE_SHOW_LOG})
  set(sources)
  foreach(source IN LISTS arg_SOURCES)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    list(APPEND sources ${source})
  endforeach()
  set(flags --assert --x-assign unique --x-initial unique ${SAPULSE_VERILATOR_COVERAGE})
  foreach(include IN LISTS arg_INCLUDES ITEMS ${CMAKE_SOURCE_DIR}/rtl/common)
    list(APPEND flags -I${include})
  endforeach()
  foreach(parameter IN LISTS arg_PARAMETERS)
    list(APPEND flags -G${parameter})
  endforeach()
  if(arg_TRACED)
    list(APPEND flags --trace-fst --trace-structs)
  endif()
  set(objcache)
  if(SAPULSE_CCACHE)
    set(objcache OBJCACHE=${SAPULSE_CCACHE})
  endif()

  # The counters go with the model: they have to be kept before.
  set(keep_coverage)
  if(SAPULSE_RTL_COVERAGE)
    set(keep_coverage
      COMMAND sed -i "s/delete vlSymsp/sapulse_keep_coverage(contextp()), &/" ${folder}/${arg_CLASS}.cpp)
  endif()

  file(MAKE_DIRECTORY ${folder})
  add_custom_command(
    OUTPUT ${archive}
    BYPRODUCTS ${folder}/${arg_CLASS}.h
    COMMAND ${SAPULSE_VERILATOR} --cc --Mdir ${folder} --prefix ${arg_CLASS} --top-module ${arg_TOP}
            ${flags} ${arg_ARGS} ${sources} > ${log} 2>&1 || ${show_log}
    # What it has read: what is found in the folders of INCLUDES, too.
    COMMAND sed "s|^.* : |${archive}: |" ${folder}/${arg_CLASS}__ver.d > ${folder}/${arg_CLASS}.depends
    ${keep_coverage}
    # Verilator's makefile appends -Os, which overrides optimisation given any other way.
    COMMAND make --silent -j 2 -C ${folder} -f ${arg_CLASS}.mk ${arg_CLASS}__ALL.a CXX=${CMAKE_CXX_COMPILER} ${objcache}
            OPT_FAST=${arg_OPTIMISE} OPT_SLOW=-O0 OPT_GLOBAL=-O2
            "USER_CPPFLAGS=-fPIC -w${SAPULSE_KEEP_COVERAGE}" > ${log} 2>&1 || ${show_log}
    DEPENDS ${sources} ${arg_DEPENDS}
    DEPFILE ${folder}/${arg_CLASS}.depends
    COMMENT "Verilating ${arg_CLASS}"
    VERBATIM)
  add_custom_target(${library}_archive DEPENDS ${archive})
  add_library(${library} INTERFACE)
  add_dependencies(${library} ${library}_archive)
  target_include_directories(${library} SYSTEM INTERFACE ${folder})
  target_link_libraries(${library} INTERFACE ${archive} ${arg_RUNTIME})
endfunction()

if(NOT TARGET rtl_tests)
  add_custom_target(rtl_tests)
endif()

function(sapulse_add_rtl_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;TOP" "SOURCES;TESTS;INCLUDES;PARAMETERS;ARGS;DEPENDS")
  foreach(required NAME TOP SOURCES TESTS)
    if(NOT arg_${required})
      message(FATAL_ERROR "sapulse_add_rtl_test(${arg_NAME}): ${required} is missing")
    endif()
  endforeach()
  sapulse_verilate(${arg_NAME}_model TOP ${arg_TOP} SOURCES ${arg_SOURCES} INCLUDES ${arg_INCLUDES}
                   PARAMETERS ${arg_PARAMETERS} ARGS -Wno-fatal ${arg_ARGS} DEPENDS ${arg_DEPENDS})
  add_executable(${arg_NAME} ${arg_TESTS})
  add_dependencies(${arg_NAME} ${arg_NAME}_model_archive)
  add_dependencies(rtl_tests ${arg_NAME})
  target_include_directories(${arg_NAME} PRIVATE ${CMAKE_SOURCE_DIR}/rtl/common/tests)
  target_link_libraries(${arg_NAME} PRIVATE ${arg_NAME}_model GTest::gtest GTest::gtest_main)
  sapulse_discover_tests(${arg_NAME} TEST_PREFIX "rtl." PROPERTIES LABELS rtl)
endfunction()
