# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_study_read LABEL unit SOURCES test_study_read.c net_bank.c LINKS cp_data)
cp_test(test_layout LABEL unit SOURCES test_layout.c net_bank.c LINKS cp_study)
