# Toolchain: programs for 64-bit Windows, built on Debian with mingw-w64 and run there under Wine.
# Its dependencies are in STRESSBOT_WINDOWS_DEPENDENCIES, the folder that
# third_party/windows/dependencies.sh prints; nothing of this machine's own libraries is ever found.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)

# With POSIX threads: the win32 flavour of Debian's GCC 12 has no std::thread.
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)

# A program is one file: libgcc, libstdc++ and winpthread are in it.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -B${CMAKE_CURRENT_LIST_DIR}/mingw-lld")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-B${CMAKE_CURRENT_LIST_DIR}/mingw-lld")

find_program(STRESSBOT_WINE wine)
if(STRESSBOT_WINE)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${STRESSBOT_WINE})
endif()

set(STRESSBOT_WINDOWS_DEPENDENCIES "" CACHE PATH "What third_party/windows/dependencies.sh printed")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES STRESSBOT_WINDOWS_DEPENDENCIES)
set(CMAKE_FIND_ROOT_PATH ${STRESSBOT_WINDOWS_DEPENDENCIES})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER) # protoc and Python run here
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
