# SPDX-License-Identifier: GPL-3.0-or-later
# Every reader of bytes from outside. Inputs that once broke one are kept in its corpus.
foreach(reader csv mapping db)
    cp_fuzz(fuzz_${reader} SOURCES fuzz_${reader}.c LINKS cp_data CORPUS corpus/${reader})
endforeach()
