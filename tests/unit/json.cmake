# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_split_load LABEL unit SOURCES test_split_load.c tests/toy.c
        LINKS cp_data cp_demand cp_route)
cp_test(test_json_out LABEL unit SOURCES test_json_out.c LINKS cp_data)
cp_test(test_export LABEL unit SOURCES test_export.c export_plan.c LINKS cp_data cp_sample
        TIMEOUT 120)
# What test_export wrote, against the published schemas.
if(TEST test_export)
    set_tests_properties(test_export PROPERTIES FIXTURES_SETUP cp_toy_export)
    cp_script_test(test_export_schemas LABEL unit
        COMMAND sh ${PROJECT_SOURCE_DIR}/viz/page/test/node.sh schemas.mjs
                ${CMAKE_BINARY_DIR}/tests/export-toy)
    set_tests_properties(test_export_schemas PROPERTIES FIXTURES_REQUIRED cp_toy_export)
endif()
cp_test(test_vroom LABEL unit SOURCES test_vroom.c LINKS cp_data cp_route_solve)
cp_test(test_vroom_answer LABEL unit SOURCES test_vroom_answer.c LINKS cp_data cp_route_solve)
