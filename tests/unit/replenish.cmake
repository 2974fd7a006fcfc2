# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_point_price LABEL unit SOURCES test_point_price.c arc_toy.c LINKS cp_replenish)
cp_test(test_refill_master LABEL unit SOURCES test_refill_master.c arc_toy.c LINKS cp_replenish)
cp_test(test_refill_cost LABEL unit SOURCES test_refill_cost.c refill_bank.c LINKS cp_replenish
        TIMEOUT 240 TAGS par)
cp_test(test_explain LABEL unit SOURCES test_explain.c refill_bank.c LINKS cp_replenish TIMEOUT 240)
cp_test(test_machine_rules LABEL unit SOURCES test_machine_rules.c rule_toy.c tests/toy.c
        LINKS cp_replenish cp_route TIMEOUT 240)
cp_test(test_machine_choices LABEL unit SOURCES test_machine_choices.c rule_toy.c tests/toy.c
        LINKS cp_replenish cp_route TIMEOUT 240)
cp_test(test_conflict LABEL unit SOURCES test_conflict.c arc_toy.c LINKS cp_replenish)
cp_test(test_rule_relief LABEL unit SOURCES test_rule_relief.c refill_bank.c LINKS cp_replenish TIMEOUT 240)
cp_test(test_refill_start LABEL unit SOURCES test_refill_start.c LINKS cp_replenish)
cp_test(test_plan_service LABEL unit SOURCES test_plan_service.c refill_bank.c tests/toy.c
        LINKS cp_replenish cp_route TIMEOUT 240)
cp_test(test_zone_mip LABEL unit SOURCES test_zone_mip.c refill_bank.c LINKS cp_replenish cp_lp TIMEOUT 900)
cp_test(test_choices LABEL unit SOURCES test_choices.c refill_bank.c LINKS cp_replenish TIMEOUT 240)
cp_test(test_servicer LABEL unit SOURCES test_servicer.c refill_bank.c LINKS cp_replenish TIMEOUT 240)
cp_test(test_refill_mend LABEL unit SOURCES test_refill_mend.c arc_toy.c LINKS cp_replenish)
