# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_csv LABEL unit SOURCES test_csv.c LINKS cp_data)
cp_test(test_mapping LABEL unit SOURCES test_mapping.c LINKS cp_data)
foreach(name schema db import)
    cp_test(test_${name} LABEL unit SOURCES test_${name}.c store_toy.c LINKS cp_data)
endforeach()
cp_test(test_network_store LABEL unit SOURCES test_network_store.c store_toy.c
        LINKS cp_data cp_sample)
cp_test(test_plan_store LABEL unit SOURCES test_plan_store.c store_toy.c export_plan.c
        LINKS cp_data cp_sample)
cp_test(test_forecast_store LABEL unit SOURCES test_forecast_store.c store_toy.c LINKS cp_data)
cp_test(test_repair_store LABEL unit SOURCES test_repair_store.c store_toy.c LINKS cp_data)
cp_test(test_migrate LABEL unit SOURCES test_migrate.c store_toy.c LINKS cp_data)
cp_test(test_road_store LABEL unit SOURCES test_road_store.c store_toy.c net_bank.c LINKS cp_data)
cp_test(test_field_doc LABEL unit SOURCES test_field_doc.c LINKS cp_data)
target_compile_definitions(test_field_doc PRIVATE CP_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
