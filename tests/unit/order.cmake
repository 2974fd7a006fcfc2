# SPDX-License-Identifier: GPL-3.0-or-later
cp_test(test_vault_orders LABEL unit SOURCES test_vault_orders.c tests/toy.c LINKS cp_order cp_route)
cp_test(test_early_stock LABEL unit SOURCES test_early_stock.c arc_toy.c refill_bank.c LINKS cp_order cp_replenish)
