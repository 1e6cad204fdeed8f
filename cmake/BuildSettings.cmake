# One place for what every target of the project shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

set(STRESSBOT_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")

option(STRESSBOT_FUZZ "Build tests/fuzz as fuzzers (clang's libFuzzer)" OFF)

add_library(stressbot_settings INTERFACE)
target_include_directories(stressbot_settings INTERFACE ${CMAKE_SOURCE_DIR})
if(MSVC)
  # /bigobj: sources compiled as one have more sections than the old object format can count.
  target_compile_options(stressbot_settings INTERFACE
    /W4 /WX /permissive- /utf-8 /EHsc /Zc:__cplusplus /Zc:preprocessor /bigobj)
else()
  target_compile_options(stressbot_settings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
    -Wold-style-cast -Woverloaded-virtual -Werror)
  # GCC 12 reports overlapping copies inside std::string at -O3 that are none (GCC bug 105651).
  target_compile_options(stressbot_settings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
endif()
if(WIN32)
  # Windows 10; UTF-16 functions only; not the macros min and max, nor the old sockets in windows.h.
  target_compile_definitions(stressbot_settings INTERFACE
    _WIN32_WINNT=0x0A00 UNICODE _UNICODE NOMINMAX WIN32_LEAN_AND_MEAN)
endif()
if(MINGW)
  # As /bigobj above.
  target_compile_options(stressbot_settings INTERFACE -Wa,-mbig-obj)
endif()
# Sources compiled as one see each other's private names; the ordinary build warns of what matters.
# Behind stressbot_settings in the list of libraries, since the last option counts.
add_library(stressbot_unity_settings INTERFACE)
target_compile_options(stressbot_unity_settings INTERFACE
  $<$<NOT:$<BOOL:${MSVC}>>:-Wno-shadow> $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
if(CMAKE_UNITY_BUILD)
  target_link_libraries(stressbot_settings INTERFACE stressbot_unity_settings)
endif()
# Debug and sanitizer builds find locks that could wait for each other for ever.
if(CMAKE_BUILD_TYPE STREQUAL "Debug" OR STRESSBOT_SANITIZE)
  set(records_locks ON)
else()
  set(records_locks OFF)
endif()
option(STRESSBOT_LOCK_PROFILER "Record the order of locks and report cycles" ${records_locks})
target_compile_definitions(stressbot_settings INTERFACE
  SERVERCORE_RECORDS_LOCKS=$<BOOL:${STRESSBOT_LOCK_PROFILER}>)
if(STRESSBOT_SANITIZE)
  target_compile_options(stressbot_settings INTERFACE
    -fsanitize=${STRESSBOT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    # Looks at memory through a pipe, so it fails in tests that use up all descriptors. What it would
    # find of dead objects, the address sanitizer finds.
    -fno-sanitize=vptr)
  target_link_options(stressbot_settings INTERFACE -fsanitize=${STRESSBOT_SANITIZE})
endif()
if(STRESSBOT_FUZZ)
  target_compile_options(stressbot_settings INTERFACE -fsanitize=fuzzer-no-link)  # coverage for the fuzzer
  target_link_options(stressbot_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()

# A library for StressBot/protocol/hook/stressbot_hook.h, in the build's folder hooks.
function(stressbot_hook_library target)
  target_link_libraries(${target} PRIVATE stressbot_settings)
  set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/hooks)
  if(MINGW)
    # One file, named as elsewhere on Windows.
    set_target_properties(${target} PROPERTIES PREFIX "")
    target_link_options(${target} PRIVATE -static)
  endif()
endfunction()
