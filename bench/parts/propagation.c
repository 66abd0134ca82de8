// The yardstick of `bench reputation`: the same pass over the same rows as a plain loop in C, with threads that take blocks in turn.
// cc -O3 -march=native -pthread propagation.c; arguments: file, nodes, entries, threads, passes. Prints seconds, one pass a line.
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint32_t nodes, *row, *col;
static float *prior, *scale, *from, *to;
static atomic_uint block;
enum { rows = 16384 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void *work(void *unused) {
  for (;;) {
    uint64_t first = (uint64_t)atomic_fetch_add(&block, 1) * rows;
    if (first >= nodes) return NULL;
    uint32_t end = first + rows < nodes ? first + rows : nodes;
    uint32_t at = row[first];
    for (uint32_t i = first; i < end; i++) {
      double sum = 0;
      for (uint32_t stop = row[i + 1]; at < stop; at++) sum += from[col[at]];
      to[i] = scale[i] * (prior[i] + 0.1f * scale[i] * sum);
    }
  }
}

int main(int count, char **given) {
  if (count < 6) return 64;
  FILE *file = fopen(given[1], "rb");
  nodes = strtoul(given[2], NULL, 10);
  uint64_t entries = strtoull(given[3], NULL, 10);
  int threads = atoi(given[4]), passes = atoi(given[5]);
  row = malloc(4 * ((uint64_t)nodes + 1));
  col = malloc(4 * entries);
  if (!file || fread(row, 4, (uint64_t)nodes + 1, file) != (uint64_t)nodes + 1 || fread(col, 4, entries, file) != entries) return 1;
  float **all[] = {&prior, &scale, &from, &to};
  for (int n = 0; n < 4; n++) *all[n] = malloc(4 * (uint64_t)nodes);
  for (uint32_t i = 0; i < nodes; i++) {
    prior[i] = (int)(i % 7) - 3;
    scale[i] = 0.1f;
    from[i] = scale[i] * prior[i];
    to[i] = 0;
  }
  for (int pass = 0; pass < passes; pass++) {
    pthread_t some[64];
    double began = now();
    atomic_store(&block, 0);
    for (int n = 0; n < threads; n++) pthread_create(&some[n], NULL, work, NULL);
    for (int n = 0; n < threads; n++) pthread_join(some[n], NULL);
    printf("%.6f\n", now() - began);
    float *other = from;
    from = to;
    to = other;
  }
  return 0;
}
