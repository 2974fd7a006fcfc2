# SPDX-License-Identifier: GPL-3.0-or-later
# The toys of the route tests also solve; hence the link to the search.
cp_test(test_car_route LABEL unit SOURCES test_car_route.c route_toy.c LINKS cp_route_solve)
cp_test(test_vrp_check LABEL unit SOURCES test_vrp_check.c LINKS cp_route)
cp_test(test_likeness LABEL unit SOURCES test_likeness.c LINKS cp_route)
