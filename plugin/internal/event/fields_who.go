package event

// whoFields are the last fields of the classes whose messages say who asked for
// the change: the kernel puts the requester's netlink port id into their headers.
var whoFields = []Field{
	{Name: "portid", Kind: Int, NoChange: true, Doc: "who asked for the change: the netlink port id of its socket, mostly its process id; absent for what the kernel did by itself and for what no message said: nlmsg_pid (uapi/linux/netlink.h)",
		source: source{get: func(v *View) Value { return nonZero(v.PortID) }}},
	{Name: "process", Kind: String, NoChange: true, Doc: "the name of that process, where it is certain: it lives, in the same network namespace, and the socket is its own: /proc/PID/comm",
		source: source{get: func(v *View) Value { return str(v.Process) }}},
}
