# SPDX-License-Identifier: Apache-2.0
# make install: library, headers, pkg-config and CMake files, the command, the Python module, and the simulated cards that have been
# built.

# Debian looks for libraries in a folder of the architecture, below /usr and /usr/local alike.
if(CMAKE_LIBRARY_ARCHITECTURE)
  set(CMAKE_INSTALL_LIBDIR lib/${CMAKE_LIBRARY_ARCHITECTURE} CACHE PATH "folder of libraries, below the prefix")
endif()
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
# The library looks for the simulator in a folder beside itself, and that for its models.
if(TARGET sapulse_simulator)
  set(simulator_folder ${CMAKE_INSTALL_LIBDIR}/sapulse)
  set_target_properties(sapulse_host PROPERTIES INSTALL_RPATH $ORIGIN/sapulse)
  install(TARGETS sapulse_simulator LIBRARY DESTINATION ${simulator_folder})
  install(DIRECTORY ${CMAKE_BINARY_DIR}/lib/ DESTINATION ${simulator_folder}
          FILES_MATCHING PATTERN libsapulse_sim_runtime.so PATTERN libsapulse_card_*.so)
  install(FILES ${CMAKE_SOURCE_DIR}/sim/sapulse.gtkw DESTINATION ${CMAKE_INSTALL_DATADIR}/sapulse)
endif()
# Where Debian's Python looks below /usr; elsewhere users set PYTHONPATH.
install(DIRECTORY python/sapulse DESTINATION lib/python3/dist-packages FILES_MATCHING PATTERN *.py PATTERN py.typed
        PATTERN __pycache__ EXCLUDE)
install(FILES metrics/prometheus/sapulse.rules.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/sapulse/prometheus)
install(FILES metrics/grafana/sapulse.json DESTINATION ${CMAKE_INSTALL_DATADIR}/sapulse/grafana)
install(FILES wireshark/sapulse.lua DESTINATION ${CMAKE_INSTALL_DATADIR}/sapulse/wireshark)
install(FILES ${SAPULSE_REGISTER_MAPS} DESTINATION ${CMAKE_INSTALL_DATADIR}/sapulse/registers)

# Man page and completions: what the command says of itself.
set(pages ${CMAKE_CURRENT_BINARY_DIR}/pages)
set(page_files ${pages}/sapulse.1 ${pages}/sapulse.bash ${pages}/_sapulse)
add_custom_command(OUTPUT ${page_files}
  COMMAND ${SAPULSE_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/package/pages.py $<TARGET_FILE:sapulse> ${pages}
  DEPENDS package/pages.py sapulse $<TARGET_NAME_IF_EXISTS:sapulse_simulator>
  COMMENT "Making the man page and completions of shells" VERBATIM)
add_custom_target(sapulse_pages ALL DEPENDS ${page_files})
install(FILES ${pages}/sapulse.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${pages}/sapulse.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME sapulse)
install(FILES ${pages}/_sapulse DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)

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
