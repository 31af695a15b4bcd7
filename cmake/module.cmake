# passmint_module(NAME name SOURCES file... [DEPENDS target...] [PRIVATE_DEPENDS target...])
#
# One static library per folder, used as passmint::name. DEPENDS are those whose headers our headers
# include; PRIVATE_DEPENDS are those that only our .cc files use. scripts/check_layers holds the table
# of allowed arrows.
function(passmint_module)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;DEPENDS;PRIVATE_DEPENDS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "passmint_module(${arg_NAME}): unknown: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  add_library(passmint_${arg_NAME} STATIC ${arg_SOURCES})
  add_library(passmint::${arg_NAME} ALIAS passmint_${arg_NAME})
  target_include_directories(passmint_${arg_NAME} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(passmint_${arg_NAME}
    PUBLIC passmint_options ${arg_DEPENDS}
    PRIVATE passmint_warnings ${arg_PRIVATE_DEPENDS})
endfunction()

# passmint_unit_test(NAME module SOURCES file... [DEPENDS target...])
#
# tests/unit/<module> links that module alone (and what it declares), so that an undeclared dependency
# is an undefined symbol.
function(passmint_unit_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;DEPENDS")
  add_executable(unit_${arg_NAME} ${arg_SOURCES})
  target_include_directories(unit_${arg_NAME} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(unit_${arg_NAME} PRIVATE
    PASSMINT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(unit_${arg_NAME} PRIVATE
    passmint_warnings passmint::${arg_NAME} ${arg_DEPENDS} GTest::gmock GTest::gtest_main)
  add_test(NAME unit_${arg_NAME} COMMAND unit_${arg_NAME})
  set_tests_properties(unit_${arg_NAME} PROPERTIES TIMEOUT 1500)
endfunction()
