# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_fields LABEL unit SOURCES test_fields.c LINKS cp_net)
cp_test(test_calendar_rule LABEL unit SOURCES test_calendar_rule.c LINKS cp_net)
cp_test(test_gs1 LABEL unit SOURCES test_gs1.c LINKS cp_net)
foreach(name network_build network_check tariff travel)
    cp_test(test_${name} LABEL unit SOURCES test_${name}.c net_bank.c LINKS cp_net)
endforeach()
cp_test(test_roads_andorra LABEL unit SOURCES test_roads_andorra.c LINKS cp_net)
