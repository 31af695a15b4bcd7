# Writes OUTPUT, a C++ source that holds INPUT's bytes and returns them from NAMESPACE::FUNCTION().
# A byte list and not a string literal, because compilers limit the length of those.
file(READ ${INPUT} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
file(WRITE ${OUTPUT} "#include <string_view>\n\nnamespace ${NAMESPACE} {\n\nnamespace {\nconstexpr unsigned char kBytes[] = {\n${bytes}\n0};\n}  // namespace\n\nstd::string_view ${FUNCTION}();\nstd::string_view ${FUNCTION}() {\n  return {reinterpret_cast<const char*>(kBytes), ${size}};\n}\n\n}  // namespace ${NAMESPACE}\n")
