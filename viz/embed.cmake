# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DPAGE=dist/page.html -DNAME=cp_page_template -DOUT=page_template.c -P embed.cmake: the page as
# a C array. Without a built page the array is empty and the program says how to build it.
set(bytes "0")
set(size 0)
if(EXISTS ${PAGE})
    file(READ ${PAGE} hex HEX)
    string(LENGTH "${hex}" digits)
    math(EXPR size "${digits} / 2")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    # A line of a megabyte troubles editors and debuggers.
    string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
endif()
file(WRITE ${OUT}.tmp "/* Made from viz/page by the build. */
extern const unsigned char ${NAME}[];
extern const unsigned long ${NAME}_size;
const unsigned char ${NAME}[] = {
${bytes}
};
const unsigned long ${NAME}_size = ${size};
")
file(RENAME ${OUT}.tmp ${OUT})
