# SPDX-License-Identifier: Apache-2.0
# sapulse_discover_tests(<target> [<argument of gtest_discover_tests>...]): the tests of a program of GoogleTest.
#
# Test programs run for less time than they take to compile: their own sources are compiled without optimisation, and headers that
# most of them include are parsed once for all of them. A program whose options change the language, which those headers would not
# know of, gives OWN_HEADERS.
add_executable(sapulse_test_headers EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/empty_main.cpp)
target_compile_options(sapulse_test_headers PRIVATE -O0)
target_link_libraries(sapulse_test_headers PRIVATE GTest::gmock)
sapulse_precompile(sapulse_test_headers <gmock/gmock.h> <gtest/gtest.h> <deque> <random>)

function(sapulse_discover_tests target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "OWN_HEADERS" "" "")
  target_compile_options(${target} PRIVATE -O0)
  if(NOT arg_OWN_HEADERS)
    target_precompile_headers(${target} REUSE_FROM sapulse_test_headers)
  endif()
  gtest_discover_tests(${target} ${arg_UNPARSED_ARGUMENTS})
endfunction()
