# How each dependency is found: the system's package. third_party/README.md lists version and licence.
# For Windows, what windows/dependencies.sh or vcpkg (vcpkg.json) made, by the same names.
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(SQLite3 REQUIRED)
include(third_party/Httplib.cmake)  # httplib::httplib
include(third_party/Dashboard.cmake)  # STRESSBOT_HAS_DASHBOARD
find_package(Python3 REQUIRED COMPONENTS Interpreter)
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
  if(NOT WIN32) # benchmarks compare with floor programs, which are written for Linux
    find_package(benchmark REQUIRED)
  endif()
endif()
