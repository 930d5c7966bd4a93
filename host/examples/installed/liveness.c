/* SPDX-License-Identifier: Apache-2.0 */
/* Example in C: pings an SA, watches it for a while and tells every change of its state.
 *
 *   cc liveness.c $(pkg-config --cflags --libs sapulse) -o liveness
 *   ./liveness sim sas.yaml [STATE-DIRECTORY]
 */
#include <inttypes.h>
#include <sapulse/sapulse.h>
#include <stdio.h>

enum { MOST_SAS = 16 };

static int complain(const char *what, sapulse_status status) {
  fprintf(stderr, "%s: %s: %s\n", what, sapulse_status_name(status), sapulse_last_error());
  return 1;
}

static void print_change(void *user, const sapulse_change *change) {
  unsigned *changes = user;
  ++*changes;
  printf("%s\n", change->line);
}

static void print_ping(void *user, sapulse_status status, const sapulse_ping_result *result) {
  unsigned *ended = user;
  ++*ended;
  if (status != SAPULSE_OK) {
    complain("ping", status);
  } else if (result->answered) {
    printf("ping: answered in %" PRIu64 " ns\n", result->rtt_ns);
  } else {
    printf("ping: no answer\n");
  }
}

/* Pings with a callback, and watches the SA with probes of the host until the ping has ended. */
static int look_after(sapulse_endpoint *endpoint, uint32_t spi) {
  unsigned changes = 0;
  unsigned ended = 0;
  sapulse_liveness state = SAPULSE_INIT;
  const sapulse_watch_settings settings = {
      .size = sizeof settings, .interval_ns = 5000, .multiplier = 3, .jitter_percent = 25, .by_host = 1};
  sapulse_on_change(endpoint, print_change, &changes);
  sapulse_status status = sapulse_watch(endpoint, spi, &settings);
  if (status == SAPULSE_UNSUPPORTED) {
    printf("this card cannot ask\n");
    return 0;
  }
  if (status == SAPULSE_OK) status = sapulse_ping_start(endpoint, spi, 56, 30000, print_ping, &ended);
  while (status == SAPULSE_OK && (ended == 0 || changes == 0)) status = sapulse_poll(endpoint, 10000);
  if (status == SAPULSE_OK) status = sapulse_get_liveness(endpoint, spi, &state);
  if (status != SAPULSE_OK) return complain("liveness", status);
  printf("%u change(s), now %s\n", changes, sapulse_liveness_name(state));
  return 0;
}

static int run(sapulse_endpoint *endpoint) {
  sapulse_sa_info sas[MOST_SAS] = {{.size = sizeof sas[0]}};
  size_t count = MOST_SAS;
  sapulse_status status = sapulse_sa_list(endpoint, sas, &count);
  if (status != SAPULSE_OK) return complain("list", status);
  for (size_t i = 0; i < count; ++i) {
    sapulse_sa_statistics statistics = {.size = sizeof statistics};
    status = sapulse_sa_get_statistics(endpoint, sas[i].spi_in, &statistics);
    if (status != SAPULSE_OK) return complain("statistics", status);
    printf("%s: %s -> %s, %" PRIu32 " accepted\n", sas[i].name, sas[i].local, sas[i].peer, statistics.accepted);
    if (look_after(endpoint, sas[i].spi_in) != 0) return 1;
  }
  return 0;
}

int main(int argc, char **argv) {
  sapulse_endpoint *endpoint = NULL;
  if (argc < 3) {
    fprintf(stderr, "usage: %s DEVICE SAS.yaml [STATE-DIRECTORY]\n", argv[0]);
    return 2;
  }
  sapulse_status status = sapulse_open(argv[1], argv[2], argc > 3 ? argv[3] : NULL, &endpoint);
  if (status != SAPULSE_OK) return complain("open", status);
  const int result = run(endpoint);
  status = sapulse_close(endpoint);
  return status == SAPULSE_OK ? result : complain("close", status);
}
