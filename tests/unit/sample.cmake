# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_generate LABEL unit SOURCES test_generate.c LINKS cp_sample TIMEOUT 120)
cp_test(test_bank_csv LABEL unit SOURCES test_bank_csv.c cli/bank_csv.c
        LINKS cp_sample cp_data cp_demand cp_net TIMEOUT 120)
