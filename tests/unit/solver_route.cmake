# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name route_result route_dock route_like route_vrp)
    cp_test(test_${name} LABEL unit SOURCES test_${name}.c route_toy.c LINKS cp_route_solve)
endforeach()
cp_test(test_route_solve LABEL unit SOURCES test_route_solve.c route_brute.c route_toy.c LINKS cp_route_solve)
cp_test(test_route_bound LABEL unit SOURCES test_route_bound.c route_brute.c route_toy.c LINKS cp_route_bound
        TIMEOUT 300)
cp_test(test_vrp_rich LABEL unit SOURCES test_vrp_rich.c vrp_toy.c LINKS cp_route_solve)
cp_test(test_vrp_solve LABEL unit SOURCES test_vrp_solve.c vrp_toy.c LINKS cp_route_solve)
cp_test(test_bench_vrp LABEL unit SOURCES test_bench_vrp.c bench/bench_vrp.c bench/bench_vrp_build.c LINKS cp_route_solve)
cp_test(test_vrp_bound LABEL unit SOURCES test_vrp_bound.c vrp_toy.c LINKS cp_route_bound
        TIMEOUT 300)
