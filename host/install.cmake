# SPDX-License-Identifier: Apache-2.0
# make install: library, headers, pkg-config and CMake files, the command, and the simulated cards that have been built.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS sapulse_host LIBRARY)
set_target_properties(sapulse PROPERTIES INSTALL_RPATH $ORIGIN/../${CMAKE_INSTALL_LIBDIR})
install(TARGETS sapulse RUNTIME)
install(DIRECTORY include/sapulse ${CMAKE_SOURCE_DIR}/driver/include/sapulse
                  ${CMAKE_SOURCE_DIR}/driver/open/include/sapulse ${CMAKE_SOURCE_DIR}/driver/privileges/include/sapulse
                  ${SAPULSE_CONTRACT_INCLUDE_DIR}/sapulse
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.h PATTERN file_descriptor.h EXCLUDE
        PATTERN poll_timeout.h EXCLUDE)
install(FILES ${SAPULSE_CONTRACT_INCLUDE_DIR}/sapulse_wire.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
# The library looks for the simulator beside itself, and that for its models.
if(TARGET sapulse_simulator)
  install(TARGETS sapulse_simulator LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY ${CMAKE_BINARY_DIR}/lib/ DESTINATION ${CMAKE_INSTALL_LIBDIR}
          FILES_MATCHING PATTERN libsapulse_sim_runtime.so PATTERN libsapulse_card_*.so)
  install(FILES ${CMAKE_SOURCE_DIR}/sim/sapulse.gtkw DESTINATION ${CMAKE_INSTALL_DATADIR}/sapulse)
endif()
install(FILES metrics/prometheus/sapulse.rules.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/sapulse/prometheus)
install(FILES metrics/grafana/sapulse.json DESTINATION ${CMAKE_INSTALL_DATADIR}/sapulse/grafana)
install(FILES ${SAPULSE_REGISTER_MAPS} DESTINATION ${CMAKE_INSTALL_DATADIR}/sapulse)

set(SAPULSE_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/sapulse)
# Relative, so that the prefix may be chosen when installing.
file(RELATIVE_PATH SAPULSE_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(sapulse.pc.in ${CMAKE_CURRENT_BINARY_DIR}/sapulse.pc @ONLY)
configure_package_config_file(sapulseConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/sapulseConfig.cmake
                              INSTALL_DESTINATION ${SAPULSE_CMAKE_DIR}
                              PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/sapulseConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sapulse.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sapulseConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/sapulseConfigVersion.cmake
        DESTINATION ${SAPULSE_CMAKE_DIR})
