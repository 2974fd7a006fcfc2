/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/single.h"

const char *cp_single_name(int32_t single)
{
    static const char *const name[CP_N_SINGLES] = {"smooth"};
    return single >= 0 && single < CP_N_SINGLES ? name[single] : "";
}
