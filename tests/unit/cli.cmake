# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_args LABEL unit SOURCES test_args.c cli/args.c cli/progress.c LINKS cp_data)
