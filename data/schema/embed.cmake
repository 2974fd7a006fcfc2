# SPDX-License-Identifier: GPL-3.0-or-later
# Turns the SQL steps into C string literals, line by line:
#   cmake -DOUT=schema.c -DSTEPS=a.sql|b.sql -P embed.cmake
string(REPLACE "|" ";" steps "${STEPS}")
set(text "/* Made from data/schema by embed.cmake. */\n#include \"data/store/schema.h\"\n\n")
set(names "")
set(n 0)
foreach(step ${steps})
    file(READ ${step} sql)
    # Comments stay in the file; the table definitions stored in the database carry those inside.
    string(REPLACE "\\" "\\\\" sql "${sql}")
    string(REPLACE "\"" "\\\"" sql "${sql}")
    string(REPLACE "\n" "\\n\"\n    \"" sql "${sql}")
    math(EXPR n "${n} + 1")
    string(APPEND text "static const char step_${n}[] =\n    \"${sql}\";\n\n")
    string(APPEND names "step_${n}, ")
endforeach()
string(APPEND text "const char *const cp_schema_steps[] = {${names}};\n"
                   "const int32_t cp_schema_n_steps = ${n};\n")
file(WRITE ${OUT} "${text}")
