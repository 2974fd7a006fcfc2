# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_irp LABEL unit SOURCES test_irp.c tests/toy.c
        LINKS cp_irp cp_route_solve cp_route cp_plan cp_demand)
