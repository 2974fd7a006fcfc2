# SPDX-License-Identifier: GPL-3.0-or-later
# The checker of siting plans shares no code with what it checks: it links nothing of ours.
cp_program(siting_check SOURCES siting_check/siting_check.c siting_check/siting_file.c FOREIGN m)
cp_script_test(siting_check_rules LABEL flow TIMEOUT 60
    COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/rules.sh $<TARGET_FILE:siting_check>)
if(TARGET bench_site)
    cp_script_test(siting_check_small LABEL flow TIMEOUT 120
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/solved.sh $<TARGET_FILE:siting_check>
                $<TARGET_FILE:bench_site> tests/fuzz/corpus/siting ${CMAKE_CURRENT_LIST_DIR}/small.list)
    cp_script_test(siting_check_public LABEL flow TIMEOUT 300
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/solved.sh $<TARGET_FILE:siting_check>
                $<TARGET_FILE:bench_site> ../shared/bench/siting ${CMAKE_CURRENT_LIST_DIR}/public.list)
endif()
