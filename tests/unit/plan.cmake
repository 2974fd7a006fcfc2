# SPDX-License-Identifier: GPL-3.0-or-later
# tests/toy.c times its routes by models/route, so cp_route is needed beside the layer under test.
foreach(name plan_cost plan_recount plan_check plan_check_bound plan_check_route plan_kpi plan_fault plan_notes plan_pool
        cash_out dispense_rules slot_mix plan_choices)
    cp_test(test_${name} LABEL unit SOURCES test_${name}.c tests/toy.c LINKS cp_plan cp_route)
endforeach()
cp_test(test_policies LABEL unit SOURCES test_policies.c tests/toy.c LINKS cp_replenish cp_route)
