package nstest

// Constants of the kernel's headers that golang.org/x/sys/unix lacks.
const (
	fraDSCP          = 25 // FRA_DSCP, uapi/linux/fib_rules.h
	fraFlowLabel     = 26 // FRA_FLOWLABEL
	fraFlowLabelMask = 27 // FRA_FLOWLABEL_MASK
	fraDSCPMask      = 30 // FRA_DSCP_MASK
	ifaProto         = 11 // IFA_PROTO, uapi/linux/if_addr.h
	nhaFDB           = 11 // NHA_FDB, uapi/linux/nexthop.h
	nhaResGroup      = 12 // NHA_RES_GROUP
	ndaProtocol      = 12 // NDA_PROTOCOL, uapi/linux/neighbour.h
	ndaNHID          = 13 // NDA_NH_ID
	ndaFlagsExt      = 15 // NDA_FLAGS_EXT
	ntfExtManaged    = 1  // NTF_EXT_MANAGED, of NDA_FLAGS_EXT
	ntfExtValidated  = 4  // NTF_EXT_EXT_VALIDATED
	ntfSticky        = 0x40
	rtaNHID          = 30  // RTA_NH_ID, uapi/linux/rtnetlink.h
	extSkipStats     = 8   // RTEXT_FILTER_SKIP_STATS
	familyIPMR       = 128 // RTNL_FAMILY_IPMR
	familyIP6MR      = 129
)
