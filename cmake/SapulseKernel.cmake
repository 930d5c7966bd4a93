# SPDX-License-Identifier: Apache-2.0
# Kernels through hlsc: C++ -> bitcode (clang) -> SystemVerilog.
#
#   sapulse_add_kernel(<name> SOURCES <file>... [TOP <function>] [LEVELS <n>] [CLOCK_MHZ <f>] [II <n>] [INCLUDES <dir>...]
#                      [DEFINES <def>...] [STANDALONE] [ALLOW_SLOW] [LAYOUT] [SIMULATION] [REFERENCE] [VIEW] [PARITY]
#                      [NATIVES <function>...])
#     makes ${CMAKE_BINARY_DIR}/rtl/kernels/<name>.sv and .rpt from the function <name> or TOP, adds them to the target
#     sapulse_kernel_rtl and to the cache variables SAPULSE_KERNELS and SAPULSE_KERNEL_RTL. Warnings are errors. SOURCE
#     is accepted for SOURCES.
#     STANDALONE: no part of the card; the files go to the folder of the caller's build, there is only the target
#     sapulse_kernel_rtl_<name>, and warnings stay warnings. ALLOW_SLOW: what does not fit the levels of a stage is a warning, too.
#     II: cycles from one iteration to the next, instead of the source's.
#     VIEW: also its simulation view, <name>_view.sv and the static library sapulse_kernel_view_<name>. NATIVES: functions that
#     stay C++ in it.
#     LAYOUT: also <name>_layout.h for co-simulations, where payloads are in memory. SIMULATION: also <name>_simulation.h, the
#     processes of a network for hls::simulation.
#     PARITY: its output queues have parity, and it has the output memory_fault.
#     REFERENCE: also <name>_reference.sv and .json, for sapulse_add_kernel_proof.
#   sapulse_hls_bitcode(<output variable> <name> SOURCES .. INCLUDES .. DEFINES ..)
#     only the bitcode.
#   sapulse_hls_types(<package> SOURCE <file>)
#     makes ${CMAKE_BINARY_DIR}/rtl/<package>.sv with the types that the file includes; target <package>.
#
# SAPULSE_CLOCK_MHZ is the target clock of kernels that do not ask for another one.
# SAPULSE_HLS_LIB_RTL lists the run-time modules that every generated module may need; SAPULSE_KERNEL_RTL begins with them.
# SAPULSE_HLS_MEMORY_RTL lists those that kernels with memory ports need, too; the card has none.

set(SAPULSE_CLOCK_MHZ 322.27 CACHE STRING "clock that the kernels are scheduled for, MHz")
include_guard(GLOBAL)  # the lists of kernels begin empty

set(SAPULSE_HLS_INCLUDE_DIR ${CMAKE_SOURCE_DIR}/hls/include)
set(SAPULSE_HLS_LIB_RTL
  ${CMAKE_SOURCE_DIR}/hls/compiler/lib/hls_output_queue.sv
  ${CMAKE_SOURCE_DIR}/hls/compiler/lib/hls_queue_parity.sv
  ${CMAKE_SOURCE_DIR}/hls/compiler/lib/hls_block_ram.sv
  ${CMAKE_SOURCE_DIR}/hls/compiler/lib/hls_lut_ram.sv
  ${CMAKE_SOURCE_DIR}/hls/compiler/lib/hls_stream_fifo.sv
  CACHE INTERNAL "run-time modules of hlsc")
set(SAPULSE_HLS_MEMORY_RTL
  ${CMAKE_SOURCE_DIR}/hls/compiler/lib/hls_axi_splitter.sv
  ${CMAKE_SOURCE_DIR}/hls/compiler/lib/hls_axi_addresses.sv
  ${CMAKE_SOURCE_DIR}/hls/compiler/lib/hls_axi_reader.sv
  ${CMAKE_SOURCE_DIR}/hls/compiler/lib/hls_axi_writer.sv
  ${CMAKE_SOURCE_DIR}/hls/compiler/lib/hls_axi_read_port.sv
  ${CMAKE_SOURCE_DIR}/hls/compiler/lib/hls_axi_write_port.sv
  ${CMAKE_SOURCE_DIR}/hls/compiler/lib/hls_control.sv
  CACHE INTERNAL "run-time modules of kernels with memory ports")
set(SAPULSE_KERNELS "" CACHE INTERNAL "all kernels")
set(SAPULSE_KERNEL_RTL ${SAPULSE_HLS_LIB_RTL} CACHE INTERNAL "run-time modules of hlsc and all kernels")

set(SAPULSE_HLS_FLAGS -std=c++20 -O1 -Xclang -disable-llvm-passes -g -DHLSC -D__SYNTHESIS__ -fno-exceptions
  -fno-discard-value-names -fwrapv -fno-threadsafe-statics -fno-eliminate-unused-debug-types -fstandalone-debug -Wall -Wextra
  -Wno-unknown-pragmas -Werror=uninitialized -Werror=sometimes-uninitialized)

if(NOT TARGET sapulse_kernel_rtl)
  add_custom_target(sapulse_kernel_rtl)
endif()

function(sapulse_hls_bitcode output name)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "SOURCE" "SOURCES;INCLUDES;DEFINES")
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/hls)
  file(MAKE_DIRECTORY ${directory})
  set(includes -I${SAPULSE_HLS_INCLUDE_DIR} -I${CMAKE_SOURCE_DIR}/hls/kernels -I${SAPULSE_CONTRACT_INCLUDE_DIR})
  foreach(dir IN LISTS arg_INCLUDES)
    list(APPEND includes -I${dir})
  endforeach()
  list(TRANSFORM arg_DEFINES PREPEND -D)
  set(bitcode "")
  set(number 0)
  foreach(source IN LISTS arg_SOURCE arg_SOURCES)
    get_filename_component(source ${source} ABSOLUTE)
    set(bc ${directory}/${name}.${number}.bc)
    math(EXPR number "${number} + 1")
    add_custom_command(OUTPUT ${bc}
      COMMAND ${CMAKE_CXX_COMPILER} ${SAPULSE_HLS_FLAGS} ${includes} ${arg_DEFINES} -MD -MF ${bc}.d -emit-llvm -c ${source} -o ${bc}
      DEPENDS ${source} sapulse_contract_generate DEPFILE ${bc}.d
      COMMENT "hlsc: bitcode of ${name}" VERBATIM)
    list(APPEND bitcode ${bc})
  endforeach()
  if(number GREATER 1)
    find_program(SAPULSE_LLVM_LINK llvm-link-19 HINTS ${LLVM_TOOLS_BINARY_DIR} REQUIRED)
    set(linked ${directory}/${name}.bc)
    add_custom_command(OUTPUT ${linked} COMMAND ${SAPULSE_LLVM_LINK} ${bitcode} -o ${linked} DEPENDS ${bitcode} VERBATIM)
    set(bitcode ${linked})
  endif()
  set(${output} ${bitcode} PARENT_SCOPE)
endfunction()

# The C++ half of a simulation view. Functions that stay C++ use the processor's instructions where it has them.
function(sapulse_add_kernel_view name source optimise)
  include(SapulseRtlTest)
  add_library(sapulse_kernel_view_${name} STATIC ${source})
  set_target_properties(sapulse_kernel_view_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_compile_definitions(sapulse_kernel_view_${name} PRIVATE SAPULSE_NATIVE_GCM)
  target_compile_options(sapulse_kernel_view_${name} PRIVATE -w ${optimise})
  target_include_directories(sapulse_kernel_view_${name} PRIVATE ${SAPULSE_HLS_INCLUDE_DIR} ${CMAKE_SOURCE_DIR}/hls/kernels
    ${SAPULSE_CONTRACT_INCLUDE_DIR} ${SAPULSE_VERILATOR_ROOT}/include/vltstd)
  add_dependencies(sapulse_kernel_view_${name} sapulse_contract_generate)
endfunction()

# sapulse_add_lockstep(<output variable> <kernel file> <view file>): SystemVerilog with both side by side, for Verilator after
# the kernel; lockstep.py says more.
function(sapulse_add_lockstep output kernel view)
  cmake_path(GET kernel STEM name)
  set(script ${CMAKE_SOURCE_DIR}/hls/compiler/tests/cosim/lockstep.py)
  set(lockstep ${CMAKE_CURRENT_BINARY_DIR}/${name}_lockstep.sv)
  add_custom_command(OUTPUT ${lockstep}
    COMMAND ${Python3_EXECUTABLE} -B ${script} ${kernel} ${view} ${lockstep}
    DEPENDS ${script} ${kernel} ${view} COMMENT "Kernel ${name} beside its simulation view" VERBATIM)
  set(${output} ${lockstep} PARENT_SCOPE)
endfunction()

function(sapulse_add_kernel name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "STANDALONE;ALLOW_SLOW;LAYOUT;SIMULATION;REFERENCE;VIEW;PARITY"
    "SOURCE;TOP;LEVELS;CLOCK_MHZ;II" "SOURCES;INCLUDES;DEFINES;NATIVES")
  if(NOT arg_TOP)
    set(arg_TOP ${name})
  endif()
  sapulse_hls_bitcode(bitcode ${name} SOURCES ${arg_SOURCE} ${arg_SOURCES} INCLUDES ${arg_INCLUDES} DEFINES ${arg_DEFINES})
  set(budget --clock-mhz ${SAPULSE_CLOCK_MHZ})
  if(arg_CLOCK_MHZ)
    set(budget --clock-mhz ${arg_CLOCK_MHZ})
  endif()
  if(arg_LEVELS)
    set(budget --levels ${arg_LEVELS})
  endif()
  if(arg_II)
    list(APPEND budget --ii ${arg_II})
  endif()
  if(arg_ALLOW_SLOW)
    list(APPEND budget --allow-slow)
  endif()
  if(arg_PARITY)
    list(APPEND budget --parity)
  endif()
  if(NOT arg_STANDALONE)
    list(APPEND budget --werror)
  endif()
  set(directory ${CMAKE_BINARY_DIR}/rtl/kernels)
  if(arg_STANDALONE)
    set(directory ${CMAKE_CURRENT_BINARY_DIR})
  endif()
  set(layout)
  if(arg_LAYOUT)
    set(layout ${directory}/${name}_layout.h)
    list(APPEND budget --layout ${layout})
  endif()
  set(simulation)
  if(arg_SIMULATION)
    set(simulation ${directory}/${name}_simulation.h)
    list(APPEND budget --simulation ${simulation})
  endif()
  set(view)
  if(arg_VIEW)
    set(view ${directory}/${name}_view.sv ${directory}/${name}_view.cpp)
    list(TRANSFORM arg_NATIVES PREPEND --native=)
    list(APPEND budget --view ${directory}/${name}_view ${arg_NATIVES})
  endif()
  set(reference)
  if(arg_REFERENCE)
    set(reference ${directory}/${name}_reference.sv ${directory}/${name}_reference.json)
    list(APPEND budget --reference ${directory}/${name}_reference)
  endif()
  file(MAKE_DIRECTORY ${directory})
  add_custom_command(OUTPUT ${directory}/${name}.sv ${directory}/${name}.rpt ${layout} ${simulation} ${reference} ${view}
    COMMAND hlsc ${bitcode} --top ${arg_TOP} ${budget} -o ${directory}/${name}.sv --report ${directory}/${name}.rpt
    DEPENDS hlsc ${bitcode}
    COMMENT "hlsc: kernel ${name}" VERBATIM)
  add_custom_target(sapulse_kernel_rtl_${name} DEPENDS ${directory}/${name}.sv)
  if(arg_VIEW)
    set(optimise -O3)
    if(arg_STANDALONE)
      set(optimise -O1)  # building takes longer than running
    endif()
    sapulse_add_kernel_view(${name} ${directory}/${name}_view.cpp ${optimise})
  endif()
  if(arg_STANDALONE)
    return()
  endif()
  add_dependencies(sapulse_kernel_rtl sapulse_kernel_rtl_${name})
  set(SAPULSE_KERNELS ${SAPULSE_KERNELS} ${name} CACHE INTERNAL "")
  set(SAPULSE_KERNEL_RTL ${SAPULSE_KERNEL_RTL} ${directory}/${name}.sv CACHE INTERNAL "")
endfunction()

function(sapulse_hls_types package)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SOURCE" "INCLUDES;DEFINES")
  sapulse_hls_bitcode(bitcode ${package} SOURCES ${arg_SOURCE} INCLUDES ${arg_INCLUDES} DEFINES ${arg_DEFINES})
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/rtl)
  set(file ${CMAKE_BINARY_DIR}/rtl/${package}.sv)
  add_custom_command(OUTPUT ${file}
    COMMAND hlsc ${bitcode} --types --package ${package} -o ${file}
    DEPENDS hlsc ${bitcode}
    COMMENT "hlsc: types ${package}" VERBATIM)
  add_custom_target(${package} DEPENDS ${file})
endfunction()
