# SPDX-License-Identifier: GPL-3.0-or-later
if(TARGET cashplan)
    cp_program(hold_lock SOURCES flow/hold_lock.c LINKS cp_data)
    cp_script_test(flow_bad_input LABEL flow TIMEOUT 120
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/bad_input.sh $<TARGET_FILE:cashplan>
                $<TARGET_FILE:hold_lock> ${CMAKE_CURRENT_LIST_DIR}/bad_input.expected)
    cp_script_test(flow_no_plan LABEL flow TIMEOUT 120
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/no_plan.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_override LABEL flow TIMEOUT 120
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/override.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_repairs LABEL flow TIMEOUT 300
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/repairs.sh $<TARGET_FILE:cashplan>
                ${PROJECT_SOURCE_DIR}/data/sample)
    cp_script_test(flow_substitution LABEL flow TIMEOUT 120
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/substitution.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_forecast LABEL flow TIMEOUT 300
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/forecast.sh $<TARGET_FILE:cashplan>
                ${PROJECT_SOURCE_DIR}/data/sample)
    cp_script_test(flow_backtest LABEL flow TIMEOUT 600
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/backtest.sh $<TARGET_FILE:cashplan>
                ${PROJECT_SOURCE_DIR}/viz/page/test/node.sh ${PROJECT_SOURCE_DIR}/data/sample)
    cp_script_test(flow_read_only LABEL flow TIMEOUT 120
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/read_only.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_manual LABEL flow TIMEOUT 60
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/manual.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_explain LABEL flow TIMEOUT 120
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/explain.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_servicer LABEL flow TIMEOUT 300
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/servicer.sh $<TARGET_FILE:cashplan>
                ${PROJECT_SOURCE_DIR}/viz/page/test/node.sh)
    cp_script_test(flow_vroom LABEL flow TIMEOUT 120
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/vroom.sh $<TARGET_FILE:cashplan>
                ${PROJECT_SOURCE_DIR}/viz/page/test/node.sh)
    cp_script_test(flow_route_day LABEL flow TIMEOUT 120
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/route_day.sh $<TARGET_FILE:cashplan>
                ${PROJECT_SOURCE_DIR}/viz/page/test/node.sh)
    cp_script_test(flow_slots LABEL flow TIMEOUT 300
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/slots.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_conflicts LABEL flow TIMEOUT 120
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/conflicts.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_rolling LABEL flow TIMEOUT 300
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/rolling.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_likeness LABEL flow TIMEOUT 300
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/likeness.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_docks LABEL flow TIMEOUT 300
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/docks.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_kill_import LABEL flow TIMEOUT 300
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/kill_import.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_kill_plan LABEL flow TIMEOUT 300
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/kill_plan.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_main_job LABEL flow TIMEOUT 900
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/main_job.sh $<TARGET_FILE:cashplan>)
    cp_script_test(flow_interrupted LABEL flow TIMEOUT 300
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/interrupted.sh $<TARGET_FILE:cashplan>)
endif()
