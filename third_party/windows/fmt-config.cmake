# Debian has {fmt} compiled for itself only; for Windows its headers are enough.
if(NOT TARGET fmt::fmt)
  get_filename_component(fmt_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
  add_library(fmt::fmt INTERFACE IMPORTED)
  set_target_properties(fmt::fmt PROPERTIES
    INTERFACE_COMPILE_DEFINITIONS FMT_HEADER_ONLY=1
    INTERFACE_INCLUDE_DIRECTORIES "${fmt_prefix}/include")
endif()
