# passmint_embed(TARGET target HEADER name.h NAMESPACE ns FILES file...)
#
# Compiles files into a target, so that one binary is all there is to install. The header, included as
# "<module>/name.h" like any other of the module, declares for
# each file, `std::string_view ns::<Name>()` where Name is the file's name in CamelCase with its ending:
# openapi.yaml -> OpenapiYaml.
function(passmint_embed)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;HEADER;NAMESPACE" "FILES")
  set(declarations "")
  foreach(file ${arg_FILES})
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE "[^A-Za-z0-9]+" ";" words ${name})
    set(function "")
    foreach(word ${words})
      string(SUBSTRING ${word} 0 1 first)
      string(SUBSTRING ${word} 1 -1 rest)
      string(TOUPPER ${first} first)
      string(APPEND function ${first}${rest})
    endforeach()
    set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded/${function}.cc)
    add_custom_command(
      OUTPUT ${source}
      COMMAND ${CMAKE_COMMAND} -DINPUT=${file} -DOUTPUT=${source} -DFUNCTION=${function}
              -DNAMESPACE=${arg_NAMESPACE} -P ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
      DEPENDS ${file} ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
      VERBATIM)
    target_sources(${arg_TARGET} PRIVATE ${source})
    string(APPEND declarations "std::string_view ${function}();\n")
  endforeach()
  get_filename_component(module ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/embedded/${module}/${arg_HEADER}
       CONTENT "#pragma once\n\n#include <string_view>\n\nnamespace ${arg_NAMESPACE} {\n\n${declarations}\n}  // namespace ${arg_NAMESPACE}\n")
  target_include_directories(${arg_TARGET} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded)
endfunction()
