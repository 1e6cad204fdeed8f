# httplib::httplib: vcpkg has a package for CMake, Debian a header with a library behind it, and for Windows
# windows/dependencies.sh leaves the header that holds all.
find_package(httplib CONFIG QUIET)
if(NOT TARGET httplib::httplib)
  find_path(HTTPLIB_INCLUDE_DIR httplib.h REQUIRED)
  find_library(HTTPLIB_LIBRARY cpp-httplib)
  add_library(httplib::httplib INTERFACE IMPORTED)
  target_include_directories(httplib::httplib SYSTEM INTERFACE ${HTTPLIB_INCLUDE_DIR})
  target_link_libraries(httplib::httplib INTERFACE Threads::Threads $<$<PLATFORM_ID:Windows>:ws2_32>)
  if(HTTPLIB_LIBRARY)
    # As the library was compiled (cpp-httplib.pc): its classes have these members.
    target_compile_definitions(httplib::httplib INTERFACE
      CPPHTTPLIB_OPENSSL_SUPPORT CPPHTTPLIB_ZLIB_SUPPORT CPPHTTPLIB_BROTLI_SUPPORT)
    target_link_libraries(httplib::httplib INTERFACE ${HTTPLIB_LIBRARY})
  endif()
endif()
