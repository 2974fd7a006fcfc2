# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_route_solve LABEL unit SOURCES test_route_solve.c route_toy.c LINKS cp_route_solve)
