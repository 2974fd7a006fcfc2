# SPDX-License-Identifier: GPL-3.0-or-later
# GLPK reads back what is written, so that the text is judged by another program than ours.
cp_test(test_mip LABEL unit SOURCES test_mip.c LINKS cp_mip glpk)
cp_test(test_outfile LABEL unit SOURCES test_outfile.c LINKS cp_base)
