# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_import_fault LABEL fault TIMEOUT 300 LINKS cp_data
        SOURCES test_import_fault.c tests/unit/store_toy.c)
