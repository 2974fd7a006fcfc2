# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name arena ctx money clock rng text)
    cp_test(test_${name} LABEL unit SOURCES test_${name}.c LINKS cp_base)
endforeach()
