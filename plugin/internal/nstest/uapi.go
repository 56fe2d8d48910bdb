package nstest

// Constants of the kernel's headers that golang.org/x/sys/unix lacks.
const (
	ifaProto     = 11 // IFA_PROTO, uapi/linux/if_addr.h
	nhaFDB       = 11 // NHA_FDB, uapi/linux/nexthop.h
	nhaResGroup  = 12 // NHA_RES_GROUP
	ndaProtocol  = 12 // NDA_PROTOCOL, uapi/linux/neighbour.h
	ndaNHID      = 13 // NDA_NH_ID
	ntfSticky    = 0x40
	rtaNHID      = 30 // RTA_NH_ID, uapi/linux/rtnetlink.h
	extSkipStats = 8  // RTEXT_FILTER_SKIP_STATS
)
