/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz harness over saved inputs without a fuzzer: every file of the folders given, and the
 * empty input. A damaged reader crashes or is stopped by the sanitizers. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "models/base/arena.h"

#define SKIPPED 77
#define INPUT_MAX ((size_t)16 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The input lies in an arena of its own, where the byte after the last is poisoned under ASan. */
static int replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    cp_arena *arena = cp_arena_new();
    uint8_t *bytes = arena != NULL && size <= INPUT_MAX ? cp_arena_alloc(arena, 1, size) : NULL;
    int ok = 0;
    if (file != NULL && bytes != NULL && fread(bytes, 1, size, file) == size) {
        LLVMFuzzerTestOneInput(bytes, size);
        ok = 1;
    } else {
        fprintf(stderr, "%s: cannot be read\n", path);
    }
    if (file != NULL) fclose(file);
    cp_arena_free(arena);
    return ok;
}

/* Adds the number of inputs to *n_run; 0 when one could not be read. */
static int replay_folder(const char *folder, int *n_run)
{
    struct dirent **entries = NULL;
    const int n = scandir(folder, &entries, NULL, alphasort);
    int ok = 1;
    for (int i = 0; i < n; i++) {
        char path[4096];
        struct stat info;
        const int len = snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
        if (len < 0 || (size_t)len >= sizeof(path) || stat(path, &info) != 0) continue;
        if (!S_ISREG(info.st_mode)) continue;
        ok = replay_file(path, (size_t)info.st_size) && ok;
        (*n_run)++;
    }
    free(entries);
    return ok;
}

int main(int argc, char **argv)
{
    static const uint8_t nothing[1];
    int n_run = 0;
    int ok = 1;
    LLVMFuzzerTestOneInput(nothing, 0);
    for (int i = 1; i < argc; i++)
        ok = replay_folder(argv[i], &n_run) && ok;
    printf("%d saved inputs\n", n_run);
    if (!ok) return 1;
    return n_run > 0 ? 0 : SKIPPED;
}
