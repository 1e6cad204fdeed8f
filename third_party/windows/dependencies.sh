#!/usr/bin/env bash
# The libraries of the Windows programs, cross-compiled with mingw-w64 once and kept in a cache outside of
# the source tree. Prints their folder, for -DSTRESSBOT_WINDOWS_DEPENDENCIES.
# Headers of header-only libraries and GoogleTest's sources come from the installed Debian packages, the
# sources of all else (source_packages) from the same mirrors and versions as those.
# Exit code 3: the mirrors could not give what is needed; what is missing is told.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
toolchain=$here/../../cmake/mingw-w64-x86-64.cmake
header_packages=(nlohmann-json3-dev libcli11-dev libfmt-dev libstb-dev)
# built from the source packages protobuf, sqlite3, glfw3 and imgui; of cpp-httplib the header that holds all
source_packages=(libprotobuf-dev libsqlite3-dev libcpp-httplib-dev libglfw3-dev libimgui-dev)

tell() { echo "dependencies for Windows: $*" >&2; }

# version_of PACKAGE: of the source package that the installed PACKAGE was built from.
version_of() { dpkg-query -W -f '${source:Version}' "$1"; }

# Another compiler, version or way to build is another folder.
cache_name() {
  local package
  for package in "${header_packages[@]}" "${source_packages[@]}" googletest g++-mingw-w64-x86-64-posix; do
    echo "$package $(version_of "$package")"
  done | cat - "$here"/* "$toolchain" | sha256sum | cut -c1-12
}

# fetch PACKAGE SOURCE: unpacks the source package SOURCE, of the version of the installed PACKAGE, and
# prints its folder. Lists and settings of apt stay as they are: a private copy of the machine's sources
# asks the same mirrors for source packages.
fetch() {
  local version upstream wanted
  version=$(version_of "$1")
  upstream=$(dpkg-query -W -f '${source:Upstream-Version}' "$1")
  for wanted in "$2=$version" "$2"; do # a newer fix of the same version does as well
    private_apt source "$wanted" >&2 || continue
    if [ -d "$2-$upstream" ]; then
      echo "$PWD/$2-$upstream"
      return
    fi
  done
  tell "no mirror of this machine has the sources of $2 $version (see $log)." \
    "Run apt-get update, then apt-get upgrade, so that the installed $1 is one that they have, and try again."
  return 3
}

private_apt() {
  apt-get -q -o Dir::Etc::SourceList="$PWD/apt/sources.list" -o Dir::Etc::SourceParts="$PWD/apt/parts" \
    -o Dir::State::Lists="$PWD/apt/lists" -o Dir::Cache="$PWD/apt/cache" -o APT::Sandbox::User=root \
    -o Acquire::Retries=3 "$@"
}

copy_source_lists() {
  local list
  mkdir -p apt/parts apt/lists/partial apt/cache
  eval "$(apt-config shell list Dir::Etc::SourceList/f parts Dir::Etc::SourceParts/d)"
  for list in "$list" "$parts"/*.list; do
    [ -f "$list" ] && sed -n 's/^deb\(-src\)\? /deb-src /p' "$list"
  done | sort -u >apt/sources.list
  for list in "$parts"/*.sources; do
    [ -f "$list" ] && sed 's/^Types:.*/Types: deb-src/' "$list" >"apt/parts/$(basename "$list")"
  done
  private_apt update >&2 || true # one mirror that does not answer need not be the one with our sources
}

# build_into PREFIX, in the current folder.
build_into() {
  local prefix=$1 protobuf sqlite httplib glfw imgui package
  local options=(-G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE=-O1 -DCMAKE_CXX_FLAGS_RELEASE=-O1)
  command -v ccache >/dev/null &&
    options+=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  copy_source_lists || return
  protobuf=$(fetch libprotobuf-dev protobuf) || return
  sqlite=$(fetch libsqlite3-dev sqlite3) || return
  httplib=$(fetch libcpp-httplib-dev cpp-httplib) || return
  glfw=$(fetch libglfw3-dev glfw3) || return
  imgui=$(fetch libimgui-dev imgui) || return
  # Debian has SQLite as many files; this makes the one that everybody compiles.
  make -s -C "$sqlite" -f main.mk TOP=. BCC=cc TCC=cc NAWK=awk sqlite3.c >&2 || return
  cmake -S "$here" -B build "${options[@]}" -DCMAKE_TOOLCHAIN_FILE="$toolchain" -DCMAKE_INSTALL_PREFIX="$prefix" \
    -DPROTOBUF_SOURCE="$protobuf" -DSQLITE_SOURCE="$sqlite" -DGLFW_SOURCE="$glfw" -DIMGUI_SOURCE="$imgui" \
    -DGOOGLETEST_SOURCE=/usr/src/googletest >&2 || return
  cmake --build build --target install >&2 || return
  # Never /usr/include itself: it holds the headers of this machine's C library.
  cp "$httplib/httplib.h" "$prefix/include/"
  cp -RL /usr/include/nlohmann /usr/include/CLI /usr/include/fmt /usr/include/stb "$prefix/include/"
  mkdir -p "$prefix/share/cmake" "$prefix/lib/cmake/fmt"
  cp -R /usr/share/cmake/nlohmann_json /usr/share/cmake/CLI11 "$prefix/share/cmake/"
  cp "$here/fmt-config.cmake" "$prefix/lib/cmake/fmt/"
  # What is linked into the programs: its licences go where they go.
  mkdir -p "$prefix/share/licences"
  for package in "${header_packages[@]}" "${source_packages[@]}" g++-mingw-w64-x86-64-posix mingw-w64-x86-64-dev; do
    cp -L "/usr/share/doc/$package/copyright" "$prefix/share/licences/$package.txt"
  done
}

cache=${XDG_CACHE_HOME:-$HOME/.cache}/stressbot
prefix=$cache/windows-mingw-$(cache_name)
if [ ! -d "$prefix" ]; then
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock 9 # two builds at once: the second waits for the first
fi
if [ ! -d "$prefix" ]; then
  work=$(mktemp -d "$cache/work.XXXXXX")
  log=$cache/windows-mingw.log
  tell "building them into $prefix, once (a few minutes; progress in $log)"
  status=0
  (cd "$work" && build_into "$work/prefix") 2>"$log" || status=$?
  if [ $status -ne 0 ]; then
    grep -E '^dependencies for Windows: ' "$log" >&2 || { tail -20 "$log" >&2; tell "building them failed; $log has all of it"; }
    rm -rf "$work"
    exit $status
  fi
  mv "$work/prefix" "$prefix"
  rm -rf "$work"
fi
echo "$prefix"
