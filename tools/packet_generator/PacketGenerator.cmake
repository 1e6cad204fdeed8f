# packet_generator_python(RESULT): a Python that has what the generator imports. The one that
# find_package found may be another (a version manager's, say) than the one the system's packages went to.
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

# packet_library(NAME name DIRECTORY dir PACKETS Field.proto:2000[:C_,S_]... [MESSAGES Struct.proto...]
#                SIDES HANDLER=RECEIVES/SENDS... [LOCK packets.lock]):
# a static library of the messages (protoc) and of the headers that generate_packets.py writes, all made at
# build time, again when an input or a template changed. DIRECTORY holds the .proto files. PACKETS are those
# with packets: the first id and, if they are not C_ and S_, the prefixes. MESSAGES are those without.
function(packet_library)
  cmake_parse_arguments(ARG "" "NAME;DIRECTORY;LOCK" "PACKETS;MESSAGES;SIDES" ${ARGN})
  packet_generator_python(python)
  set(messages_dir ${CMAKE_CURRENT_BINARY_DIR}/${ARG_NAME}/messages)
  set(handlers_dir ${CMAKE_CURRENT_BINARY_DIR}/${ARG_NAME}/handlers)
  set(descriptor_set ${CMAKE_CURRENT_BINARY_DIR}/${ARG_NAME}/packets.descriptors)
  file(MAKE_DIRECTORY ${messages_dir} ${handlers_dir})

  list(TRANSFORM ARG_PACKETS REPLACE ":.*" "" OUTPUT_VARIABLE protos)
  list(PREPEND protos ${ARG_MESSAGES})
  list(REMOVE_DUPLICATES protos)
  list(TRANSFORM protos PREPEND ${ARG_DIRECTORY}/ OUTPUT_VARIABLE proto_files)
  list(TRANSFORM protos REPLACE "[.]proto$" ".pb" OUTPUT_VARIABLE stems)
  list(TRANSFORM stems PREPEND ${messages_dir}/)
  list(TRANSFORM stems APPEND .cc OUTPUT_VARIABLE sources)
  list(TRANSFORM stems APPEND .h OUTPUT_VARIABLE message_headers)
  add_custom_command(
    OUTPUT ${sources} ${message_headers} ${descriptor_set}
    COMMAND protobuf::protoc --proto_path=${ARG_DIRECTORY} --cpp_out=${messages_dir} --include_imports
            --include_source_info --descriptor_set_out=${descriptor_set} ${protos}  # source info: lines in errors
    DEPENDS ${proto_files}
    COMMENT "Compiling .proto files of ${ARG_NAME}"
    VERBATIM)

  set(arguments --descriptor-set ${descriptor_set} --output-dir ${handlers_dir})
  set(handler_headers ${handlers_dir}/PacketIds.h ${handlers_dir}/PacketCodec.h)
  foreach(file IN LISTS ARG_PACKETS)
    list(APPEND arguments --file ${file})
  endforeach()
  foreach(side IN LISTS ARG_SIDES)
    list(APPEND arguments --side ${side})
    string(REGEX REPLACE "=.*" ".h" header ${side})
    list(APPEND handler_headers ${handlers_dir}/${header})
  endforeach()
  if(ARG_LOCK)
    list(APPEND arguments --lock ${ARG_LOCK})
    if(NOT EXISTS ${ARG_LOCK})
      file(TOUCH ${ARG_LOCK})
    endif()
  endif()
  file(GLOB generator CONFIGURE_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/*.py ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/templates/*.jinja)
  add_custom_command(
    OUTPUT ${handler_headers}
    COMMAND ${python} -B ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/generate_packets.py ${arguments}
    DEPENDS ${descriptor_set} ${generator} ${ARG_LOCK}
    COMMENT "Generating packet ids and handlers of ${ARG_NAME}"
    VERBATIM)

  add_library(${ARG_NAME} STATIC ${sources} ${message_headers} ${handler_headers})
  # Generated code keeps its own style: no warnings of ours in it, nor where its headers are included.
  set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS -w)
  target_include_directories(${ARG_NAME} SYSTEM PUBLIC ${messages_dir})
  target_include_directories(${ARG_NAME} PUBLIC ${handlers_dir})
  target_link_libraries(${ARG_NAME} PUBLIC ServerCore protobuf::libprotobuf)
endfunction()
