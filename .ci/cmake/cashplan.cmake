# SPDX-License-Identifier: GPL-3.0-or-later
# The few functions every layer builds with. A folder's CMakeLists.txt is a handful of these calls.

# Flags of our own code; never passed on to users of the installed libraries.
add_library(cp_flags INTERFACE)
target_compile_features(cp_flags INTERFACE c_std_11)
target_compile_definitions(cp_flags INTERFACE _GNU_SOURCE CP_VERSION="${PROJECT_VERSION}")
target_include_directories(cp_flags INTERFACE ${PROJECT_SOURCE_DIR})
# No fused multiply-add: the same input gives the same bytes with every compiler and processor.
# The prefix map keeps the place of the build out of error texts and programs.
target_compile_options(cp_flags INTERFACE
    -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual
    -Wwrite-strings -Wformat=2 -Wundef -Wvla
    -ffp-contract=off -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
if(CP_WERROR)
    target_compile_options(cp_flags INTERFACE -Werror)
endif()

set(cp_instrument "")
if(CP_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "CP_FUZZ needs clang: configure with CC=clang or `--preset fuzz`")
    endif()
    set(cp_instrument -fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer)
elseif(CP_SANITIZE STREQUAL "address")
    set(cp_instrument -fsanitize=address,undefined -fno-sanitize-recover=undefined
                      -fno-omit-frame-pointer)
elseif(CP_SANITIZE STREQUAL "thread")
    set(cp_instrument -fsanitize=thread -fno-omit-frame-pointer)
elseif(NOT CP_SANITIZE STREQUAL "")
    message(FATAL_ERROR "CP_SANITIZE must be empty, address or thread; it is '${CP_SANITIZE}'")
endif()
if(CP_COVERAGE)
    list(APPEND cp_instrument --coverage)
endif()
target_compile_options(cp_flags INTERFACE ${cp_instrument})
target_link_options(cp_flags INTERFACE ${cp_instrument})

# cp_add_if_exists(folder...): a folder that is not written yet is skipped.
macro(cp_add_if_exists)
    foreach(cp_folder ${ARGN})
        if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${cp_folder}/CMakeLists.txt)
            add_subdirectory(${cp_folder})
        endif()
    endforeach()
endmacro()

# A missing library is named when configuring, not when linking.
function(cp_need_library name)
    if(name STREQUAL "pthread" OR name STREQUAL "m")
        return()
    endif()
    find_library(CP_LIB_${name} ${name})
    mark_as_advanced(CP_LIB_${name})
    if(NOT CP_LIB_${name})
        message(FATAL_ERROR "library ${name} was not found; `sh quickstart.sh` installs what is needed")
    endif()
endfunction()

# cp_library(cp_x SOURCES a.c ... [LINKS cp_y ...] [FOREIGN glpk m ...])
#   LINKS    layers whose headers this one's headers include
#   FOREIGN  plain library names, used by our .c files only
function(cp_library name)
    cmake_parse_arguments(A "" "" "SOURCES;LINKS;FOREIGN" ${ARGN})
    string(REGEX REPLACE "^cp_" "" short ${name})
    foreach(lib ${A_FOREIGN})
        cp_need_library(${lib})
    endforeach()
    add_library(${name} STATIC ${A_SOURCES})
    add_library(cashplan::${short} ALIAS ${name})
    set_target_properties(${name} PROPERTIES EXPORT_NAME ${short} POSITION_INDEPENDENT_CODE ON)
    target_include_directories(${name} PUBLIC
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/cashplan>)
    target_link_libraries(${name} PUBLIC ${A_LINKS} PRIVATE $<BUILD_INTERFACE:cp_flags> ${A_FOREIGN})
    install(TARGETS ${name} EXPORT cashplanTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    # Static libraries are linked users first, so the list for pkg-config is built back to front.
    get_property(libs GLOBAL PROPERTY CP_PC_LIBS)
    set_property(GLOBAL PROPERTY CP_PC_LIBS "-l${name} ${libs}")
    foreach(lib ${A_FOREIGN})
        set_property(GLOBAL APPEND_STRING PROPERTY CP_PC_FOREIGN " -l${lib}")
    endforeach()
endfunction()

# cp_program(name SOURCES a.c ... LINKS cp_y ... [FOREIGN m ...] [INSTALL]): a program in bin/.
function(cp_program name)
    cmake_parse_arguments(A "INSTALL" "" "SOURCES;LINKS;FOREIGN" ${ARGN})
    add_executable(${name} ${A_SOURCES})
    target_link_libraries(${name} PRIVATE cp_flags ${A_LINKS} ${A_FOREIGN})
    if(A_INSTALL)
        install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
endfunction()

# Sources of a test are found beside the file that lists them, or from the root (tests/toy.c).
function(cp_resolve_sources out)
    set(found "")
    foreach(src ${ARGN})
        if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/${src})
            list(APPEND found ${CMAKE_CURRENT_LIST_DIR}/${src})
        else()
            list(APPEND found ${PROJECT_SOURCE_DIR}/${src})
        endif()
    endforeach()
    set(${out} ${found} PARENT_SCOPE)
endfunction()

function(cp_test_properties name label timeout)
    if(NOT label MATCHES "^(unit|flow|fault|fuzz|slow|dist)$")
        message(FATAL_ERROR "test ${name}: label '${label}' is not unit flow fault fuzz slow dist")
    endif()
    if(NOT timeout)
        set(timeout 60)
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${label};${ARGN}" TIMEOUT ${timeout}
                         SKIP_RETURN_CODE 77)
endfunction()

# cp_test(name LABEL unit SOURCES test_x.c ... LINKS cp_x ... [TIMEOUT s] [TAGS par ...] [ARGS ...])
# One cmocka program, one test. TAGS are more labels (`par`: runs under ThreadSanitizer too).
# Programs start in the repository root, so that tests/cases/ and data/sample/ are found.
function(cp_test name)
    cmake_parse_arguments(A "" "LABEL;TIMEOUT" "SOURCES;LINKS;TAGS;ARGS" ${ARGN})
    cp_resolve_sources(sources ${A_SOURCES})
    add_executable(${name} ${sources})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_compile_definitions(${name} PRIVATE CP_BUILD_DIR="${CMAKE_BINARY_DIR}")
    target_link_libraries(${name} PRIVATE cp_flags ${A_LINKS} cmocka)
    add_test(NAME ${name} COMMAND ${name} ${A_ARGS} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    cp_test_properties(${name} "${A_LABEL}" "${A_TIMEOUT}" ${A_TAGS})
endfunction()

# cp_script_test(name LABEL flow COMMAND sh script.sh $<TARGET_FILE:cashplan> ... [TIMEOUT s])
function(cp_script_test name)
    cmake_parse_arguments(A "" "LABEL;TIMEOUT" "COMMAND;TAGS" ${ARGN})
    add_test(NAME ${name} COMMAND ${A_COMMAND} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    cp_test_properties(${name} "${A_LABEL}" "${A_TIMEOUT}" ${A_TAGS})
endfunction()

# cp_fuzz(name SOURCES fuzz_x.c LINKS cp_x CORPUS folder [TIMEOUT s]): a harness with
# LLVMFuzzerTestOneInput. Without CP_FUZZ it replays the saved inputs of CORPUS as a plain test.
function(cp_fuzz name)
    cmake_parse_arguments(A "" "CORPUS;TIMEOUT" "SOURCES;LINKS" ${ARGN})
    cp_resolve_sources(sources ${A_SOURCES})
    cp_resolve_sources(corpus ${A_CORPUS})
    if(NOT CP_FUZZ)
        list(APPEND sources ${PROJECT_SOURCE_DIR}/tests/fuzz/fuzz_replay.c)
    endif()
    add_executable(${name} ${sources})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE cp_flags ${A_LINKS})
    set(args "")
    if(CP_FUZZ)
        target_link_options(${name} PRIVATE -fsanitize=fuzzer)
        set(args -runs=0)
    endif()
    add_test(NAME ${name} COMMAND ${name} ${args} ${corpus} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    cp_test_properties(${name} fuzz "${A_TIMEOUT}")
endfunction()
