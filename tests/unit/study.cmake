# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_study_read LABEL unit SOURCES test_study_read.c net_bank.c LINKS cp_data)
