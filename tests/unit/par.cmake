# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_job LABEL unit SOURCES test_job.c LINKS cp_par cp_lp TAGS par)
