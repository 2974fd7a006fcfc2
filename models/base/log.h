/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log.h - leveled messages to a sink chosen by the caller. Never amounts, never secrets. */
#ifndef CP_LOG_H
#define CP_LOG_H

typedef enum cp_log_level { CP_LOG_ERROR, CP_LOG_WARN, CP_LOG_INFO, CP_LOG_DEBUG } cp_log_level;

typedef void cp_log_fn(void *user, cp_log_level level, const char *text);

typedef struct cp_log_sink {
    cp_log_fn *fn; /* NULL: messages are dropped */
    void *user;
    cp_log_level most; /* messages above this level are dropped */
} cp_log_sink;

/* Format (printf, C locale numbers) and hand to the sink. */
void cp_log(const cp_log_sink *sink, cp_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
