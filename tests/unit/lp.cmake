# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_lp LABEL unit SOURCES test_lp.c LINKS cp_lp glpk TAGS par)
cp_test(test_lp_mip LABEL unit SOURCES test_lp_mip.c LINKS cp_lp)
