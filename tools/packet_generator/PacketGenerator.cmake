# packet_generator_python(RESULT): a Python that has what the generator imports. The one that
# find_package found may be another (a version manager's, say) than the one the system's packages went to.
set(PACKET_GENERATOR_DIR ${CMAKE_CURRENT_LIST_DIR})

function(packet_generator_python result)
  foreach(candidate IN ITEMS ${Python3_EXECUTABLE} /usr/bin/python3)
    execute_process(COMMAND ${candidate} -c "import jinja2, google.protobuf.descriptor_pb2"
                    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
    if(failed EQUAL 0)
      set(${result} ${candidate} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR
    "The packet generator needs a Python with jinja2 and protobuf, and neither ${Python3_EXECUTABLE} nor "
    "/usr/bin/python3 has them. Install them (Debian: apt-get install python3-jinja2 python3-protobuf) or "
    "name a Python that has them: -DPython3_EXECUTABLE=PATH")
endfunction()

# generate_packets(PYTHON p DESCRIPTOR_SET file OUTPUT_DIR dir FILES a.proto... SIDES HANDLER=RECEIVES/SENDS...
#                  HEADERS result): writes the headers at build time, again when an input or a template changed.
function(generate_packets)
  cmake_parse_arguments(ARG "" "PYTHON;DESCRIPTOR_SET;OUTPUT_DIR;HEADERS" "FILES;SIDES" ${ARGN})
  set(arguments --descriptor-set ${ARG_DESCRIPTOR_SET} --output-dir ${ARG_OUTPUT_DIR})
  set(headers ${ARG_OUTPUT_DIR}/PacketIds.h ${ARG_OUTPUT_DIR}/PacketCodec.h)
  foreach(file IN LISTS ARG_FILES)
    list(APPEND arguments --file ${file})
  endforeach()
  foreach(side IN LISTS ARG_SIDES)
    list(APPEND arguments --side ${side})
    string(REGEX REPLACE "=.*" "" handler ${side})
    list(APPEND headers ${ARG_OUTPUT_DIR}/${handler}.h)
  endforeach()
  file(GLOB inputs CONFIGURE_DEPENDS ${PACKET_GENERATOR_DIR}/*.py ${PACKET_GENERATOR_DIR}/templates/*.jinja)
  add_custom_command(
    OUTPUT ${headers}
    COMMAND ${ARG_PYTHON} -B ${PACKET_GENERATOR_DIR}/generate_packets.py ${arguments}
    DEPENDS ${ARG_DESCRIPTOR_SET} ${inputs}
    COMMENT "Generating packet ids and handlers"
    VERBATIM)
  set(${ARG_HEADERS} ${headers} PARENT_SCOPE)
endfunction()
