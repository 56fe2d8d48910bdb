// Enumerates with libnetstack, whose callback does nothing, says "complete", and
// waits for the end of standard input. Built by bench where -netstack says that
// the library is installed; it is not in Debian.
#include <netstack.h>
#include <stdio.h>

static void route(const struct netstack_route *r, netstack_event_e event, void *curry) {
	(void)r, (void)event, (void)curry;
}

int main(void) {
	netstack_opts opts = {
		.route_cb = route,
		.initial_events = NETSTACK_INITIAL_EVENTS_BLOCK,
	};
	struct netstack *ns = netstack_create(&opts);
	if (ns == NULL) {
		fprintf(stderr, "netstack_create failed\n");
		return 1;
	}
	puts("complete");
	fflush(stdout);
	while (getchar() != EOF) {
	}
	return netstack_destroy(ns) != 0;
}
