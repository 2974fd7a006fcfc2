# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name route_solve route_result route_dock)
    cp_test(test_${name} LABEL unit SOURCES test_${name}.c route_toy.c LINKS cp_route_solve)
endforeach()
cp_test(test_vrp_solve LABEL unit SOURCES test_vrp_solve.c vrp_toy.c LINKS cp_route_solve)
