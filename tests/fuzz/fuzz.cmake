# SPDX-License-Identifier: GPL-3.0-or-later
# Every reader of bytes from outside. Inputs that once broke one are kept in its corpus.
foreach(reader csv mapping db vroom)
    cp_fuzz(fuzz_${reader} SOURCES fuzz_${reader}.c LINKS cp_data CORPUS corpus/${reader})
endforeach()
# Odd rows in a sound database: what is read goes on to dumps, exports and the page.
cp_fuzz(fuzz_rows SOURCES fuzz_rows.c tests/unit/export_plan.c
    LINKS cp_viz cp_sample CORPUS corpus/rows)
if(TARGET fuzz_rows)
    target_link_libraries(fuzz_rows PRIVATE cmocka)
endif()
# Routing benchmarks, read by the timed program alone.
cp_fuzz(fuzz_vrp SOURCES fuzz_vrp.c bench/bench_vrp.c bench/bench_vrp_build.c
    LINKS cp_route_solve CORPUS corpus/vrp)
cp_fuzz(fuzz_siting SOURCES fuzz_siting.c bench/bench_siting.c bench/bench_siting_net.c
    LINKS cp_mip cp_site_solve CORPUS corpus/siting)
