/* SPDX-License-Identifier: GPL-3.0-or-later */
/* status.h - the short list of failures and their texts. */
#ifndef CP_STATUS_H
#define CP_STATUS_H

#define CP_STATUS_LIST(X)                                                                          \
    X(CP_OK, 0, "success")                                                                         \
    X(CP_E_NOMEM, 1, "out of memory")                                                              \
    X(CP_E_INPUT, 2, "input data is not valid")                                                    \
    X(CP_E_RANGE, 3, "a number left its allowed range")                                            \
    X(CP_E_IO, 4, "file or database could not be used")                                            \
    X(CP_E_SOLVER, 5, "the LP/MIP engine failed")                                                  \
    X(CP_E_STOPPED, 6, "stopped by the user")

typedef enum cp_status {
#define CP_STATUS_ENUM(name, value, text) name = value,
    CP_STATUS_LIST(CP_STATUS_ENUM)
#undef CP_STATUS_ENUM
} cp_status;

/* The text of a status; "unknown status" for a value outside the list. */
const char *cp_status_text(cp_status st);

#endif
