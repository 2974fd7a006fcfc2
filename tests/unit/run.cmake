# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_replay LABEL unit SOURCES test_replay.c tests/toy.c LINKS cp_run cp_route)
cp_test(test_stop_prices LABEL unit SOURCES test_stop_prices.c tests/toy.c LINKS cp_run cp_route)
cp_test(test_day_routes LABEL unit SOURCES test_day_routes.c tests/toy.c LINKS cp_run cp_route)
cp_test(test_car_relief LABEL unit SOURCES test_car_relief.c route_toy.c LINKS cp_run cp_route_solve)
cp_test(test_site_operate LABEL unit SOURCES test_site_operate.c LINKS cp_run cp_sample)
