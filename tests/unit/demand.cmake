# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name history channel_share demand_calendar demand_series clean demand_event demand_filter single demand_parts forecast paths
             backtest forecast_nn5 day_shift substitution calibrate)
    cp_test(test_${name} LABEL unit SOURCES test_${name}.c demand_toy.c LINKS cp_demand)
endforeach()
cp_test(test_override LABEL unit SOURCES test_override.c tests/toy.c LINKS cp_plan cp_route)
cp_test(test_clean_nn5 LABEL unit SOURCES test_clean_nn5.c bench/bench_series.c LINKS cp_demand cp_data)
cp_test(test_bench_series LABEL unit SOURCES test_bench_series.c bench/bench_series.c LINKS cp_demand cp_data)
cp_test(test_demand_score LABEL unit SOURCES test_demand_score.c demand_toy.c LINKS cp_demand)
cp_test(test_override_gain LABEL unit SOURCES test_override_gain.c tests/toy.c LINKS cp_plan cp_route cp_run)
cp_test(test_split LABEL unit SOURCES test_split.c LINKS cp_demand)
cp_test(test_demand_keep LABEL unit SOURCES test_demand_keep.c demand_toy.c LINKS cp_demand)
