# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_report LABEL unit SOURCES test_report.c export_plan.c LINKS cp_viz cp_sample
        TIMEOUT 600)
if(TEST test_report)
    set_tests_properties(test_report PROPERTIES FIXTURES_SETUP cp_toy_page)
    cp_script_test(test_page_data_schema LABEL unit TIMEOUT 300
        COMMAND sh ${PROJECT_SOURCE_DIR}/viz/page/test/node.sh schemas.mjs
                ${CMAKE_BINARY_DIR}/tests/report-toy)
    set_tests_properties(test_page_data_schema PROPERTIES FIXTURES_REQUIRED cp_toy_page)
    # The page with data as the program writes them, in a real browser.
    cp_script_test(test_page_report LABEL flow TIMEOUT 600
        COMMAND sh ${PROJECT_SOURCE_DIR}/viz/page/test/node.sh page.mjs
                ${CMAKE_BINARY_DIR}/tests/report-toy/plan.html)
    set_tests_properties(test_page_report PROPERTIES FIXTURES_REQUIRED cp_toy_page)
endif()
# The page with invented data: every click a planner makes, English and Chinese.
cp_script_test(test_page LABEL flow TIMEOUT 600
    COMMAND sh ${PROJECT_SOURCE_DIR}/viz/page/test/node.sh page.mjs)
cp_script_test(test_page_backtest LABEL flow TIMEOUT 600
    COMMAND sh ${PROJECT_SOURCE_DIR}/viz/page/test/node.sh backtest.mjs)
cp_test(test_study_page LABEL unit SOURCES test_study_page.c LINKS cp_viz TIMEOUT 120)
if(TEST test_study_page)
    set_tests_properties(test_study_page PROPERTIES FIXTURES_SETUP cp_toy_study)
    cp_script_test(test_study_data_schema LABEL unit TIMEOUT 300
        COMMAND sh ${PROJECT_SOURCE_DIR}/viz/page/test/node.sh schemas.mjs
                ${CMAKE_BINARY_DIR}/tests/study-toy)
    set_tests_properties(test_study_data_schema PROPERTIES FIXTURES_REQUIRED cp_toy_study)
endif()
# The program itself, from the sample bank to the files.
if(TARGET cashplan)
    cp_script_test(flow_export LABEL flow TIMEOUT 600
        COMMAND sh ${PROJECT_SOURCE_DIR}/tests/flow/export.sh $<TARGET_FILE:cashplan>
                ${PROJECT_SOURCE_DIR}/viz/page/test/node.sh)
endif()
