# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_generate LABEL unit SOURCES test_generate.c LINKS cp_sample TIMEOUT 120)
