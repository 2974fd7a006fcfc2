/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/status.h"

const char *cp_status_text(cp_status st)
{
    switch (st) {
#define CP_STATUS_CASE(name, value, text)                                                          \
    case name:                                                                                     \
        return text;
        CP_STATUS_LIST(CP_STATUS_CASE)
#undef CP_STATUS_CASE
    }
    return "unknown status";
}
