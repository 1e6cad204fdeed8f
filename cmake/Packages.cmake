# ./dev package: a .deb for Debian, a .zip for Windows that runs where it is unpacked.
include(GNUInstallDirs)
if(WIN32)
  set(programs .)
  set(data .)
  set(documents .)
else()
  set(programs ${CMAKE_INSTALL_BINDIR})
  set(data ${CMAKE_INSTALL_DATADIR}/stressbot)
  set(documents ${CMAKE_INSTALL_DATADIR}/doc/stressbot)
endif()
# All that is compiled for those who use it, whether from the build's folder or from a package.
add_custom_target(programs DEPENDS stressbot reference-server five_byte_header)
install(TARGETS stressbot reference-server RUNTIME DESTINATION ${programs})
install(DIRECTORY scenarios DESTINATION ${data})
install(DIRECTORY proto DESTINATION ${data} FILES_MATCHING PATTERN "*.proto")  # the scenarios read them
# A hook that scenarios can name, and what one of your own is made from.
install(TARGETS five_byte_header LIBRARY DESTINATION ${data}/scenarios/hooks)
install(DIRECTORY StressBot/protocol/hook DESTINATION ${documents}/StressBot/protocol
  FILES_MATCHING PATTERN "*.h" PATTERN "FiveByteHeader.cpp")
install(FILES README.md CHANGELOG.md DESTINATION ${documents})
install(DIRECTORY docs DESTINATION ${documents})
install(FILES third_party/README.md DESTINATION ${documents}/third_party)
if(STRESSBOT_WINDOWS_DEPENDENCIES)  # they are in the programs: so are their licences in the package
  install(DIRECTORY ${STRESSBOT_WINDOWS_DEPENDENCIES}/share/licences DESTINATION ${documents})
endif()

set(CPACK_PACKAGE_VENDOR "StressBot")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
if(WIN32)
  set(CPACK_GENERATOR ZIP)
  set(CPACK_PACKAGE_FILE_NAME stressbot-windows-x64)
  set(CPACK_INCLUDE_TOPLEVEL_DIRECTORY OFF)  # Explorer makes a folder for what it unpacks
else()
  set(CPACK_GENERATOR DEB)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_MAINTAINER "StressBot maintainers <maintainers@stressbot.invalid>")
  set(CPACK_DEBIAN_PACKAGE_SECTION utils)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()
include(CPack)
