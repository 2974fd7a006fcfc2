/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gs1.h - keys of places and assets by GS1 (GS1 General Specifications, 7.9 and 2.3.1). */
#ifndef CP_GS1_H
#define CP_GS1_H

#include <stdbool.h>
#include <stddef.h>

/* Are these n >= 2 digits, the last of which is their check digit? */
bool cp_gs1_valid(const char *digits, size_t n);
/* A location number: nothing, or 13 digits with a right check digit. */
bool cp_gs1_gln_valid(const char *gln);
/* A returnable asset's number: nothing, or 0, 13 digits with a right check digit, and a serial of
 * at most 16 characters. */
bool cp_gs1_grai_valid(const char *grai);

#endif
