/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/robust.h"

#include <math.h>
#include <string.h>

static double middle(const double *sorted, int32_t n)
{
    if (n == 0) return 0;
    return n % 2 == 1 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
}

#define FEW 16 /* so many are sorted by insertion */

static void sort_few(double *x, int32_t n)
{
    for (int32_t i = 1; i < n; i++) {
        const double v = x[i];
        int32_t k = i;
        for (; k > 0 && x[k - 1] > v; k--)
            x[k] = x[k - 1];
        x[k] = v;
    }
}

/* Parts x[lo..hi] at a value between its ends and middle (Hoare 1961, median of three); none up
 * to *last is above it, none from *begin on below, and what lies between is equal to it. */
static void part(double *x, int32_t lo, int32_t hi, int32_t *last, int32_t *begin)
{
    const double a = x[lo], b = x[lo + (hi - lo) / 2], c = x[hi];
    const double pivot = fmax(fmin(a, b), fmin(fmax(a, b), c));
    int32_t i = lo, j = hi;
    while (i <= j) {
        while (x[i] < pivot)
            i++;
        while (x[j] > pivot)
            j--;
        if (i > j) break;
        const double v = x[i];
        x[i++] = x[j];
        x[j--] = v;
    }
    *last = j;
    *begin = i;
}

/* Put x so that x[k] is as in order, no larger ones before and no smaller ones after it. */
static void select_place(double *x, int32_t n, int32_t k)
{
    int32_t lo = 0, hi = n - 1;
    while (hi - lo >= FEW) {
        int32_t last = 0, begin = 0;
        part(x, lo, hi, &last, &begin);
        if (k <= last)
            hi = last;
        else if (k >= begin)
            lo = begin;
        else
            return;
    }
    sort_few(x + lo, hi - lo + 1);
}

void cp_sort(double *x, int32_t n)
{
    int32_t lo = 0, hi = n - 1;
    while (hi - lo >= FEW) {
        int32_t last = 0, begin = 0;
        part(x, lo, hi, &last, &begin);
        /* The shorter part by itself, the longer one next: the depth stays below log2 n. */
        if (last - lo < hi - begin) {
            cp_sort(x + lo, last - lo + 1);
            lo = begin;
        } else {
            cp_sort(x + begin, hi - begin + 1);
            hi = last;
        }
    }
    sort_few(x + lo, hi - lo + 1);
}

double cp_median(double *x, int32_t n)
{
    if (n <= FEW) {
        sort_few(x, n);
        return middle(x, n);
    }
    select_place(x, n, n / 2);
    double below = x[0];
    for (int32_t i = 1; i < n / 2; i++)
        below = fmax(below, x[i]);
    return n % 2 == 1 ? x[n / 2] : 0.5 * (below + x[n / 2]);
}

double cp_mad(double *x, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        x[i] = fabs(x[i]);
    return CP_MAD_SIGMA * cp_median(x, n);
}

/* First place in a sorted list whose value is not below v. */
static int32_t place_of(const double *sorted, int32_t n, double v)
{
    int32_t lo = 0, hi = n;
    while (lo < hi) {
        const int32_t mid = lo + (hi - lo) / 2;
        if (sorted[mid] < v)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

void cp_running_median(const double *v, const uint8_t *known, int32_t n, int32_t half,
                       double *window, double *out)
{
    int32_t held = 0, first = n;
    for (int32_t i = -half; i < n; i++) {
        const int32_t in = i + half, gone = i - half - 1;
        if (in < n && known[in]) {
            const int32_t at = place_of(window, held, v[in]);
            memmove(window + at + 1, window + at, (size_t)(held - at) * sizeof *window);
            window[at] = v[in];
            held++;
        }
        if (gone >= 0 && known[gone]) {
            const int32_t at = place_of(window, held, v[gone]);
            held--;
            memmove(window + at, window + at + 1, (size_t)(held - at) * sizeof *window);
        }
        if (i < 0) continue;
        if (held > 0 && first == n) first = i;
        out[i] = held > 0 ? middle(window, held) : i > 0 ? out[i - 1] : 0;
    }
    for (int32_t i = 0; i < first && first < n; i++)
        out[i] = out[first];
}
