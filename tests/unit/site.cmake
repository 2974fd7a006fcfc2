# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_siting LABEL unit SOURCES test_siting.c LINKS cp_mip cp_site_solve)
cp_test(test_site_flow LABEL unit SOURCES test_site_flow.c LINKS cp_mip cp_lp cp_site_solve)
cp_test(test_siting_room LABEL unit SOURCES test_siting_room.c LINKS cp_mip cp_lp cp_site_solve)
cp_test(test_bench_siting LABEL unit
    SOURCES test_bench_siting.c bench/bench_siting.c bench/bench_siting_net.c bench/bench_vrp.c bench/bench_vrp_build.c
    LINKS cp_mip cp_route)
