# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_args LABEL unit SOURCES test_args.c cli/args.c cli/progress.c LINKS cp_data)
cp_test(test_plan_worth LABEL unit SOURCES test_plan_worth.c cli/plan_worth.c tests/toy.c LINKS cp_plan cp_route)
