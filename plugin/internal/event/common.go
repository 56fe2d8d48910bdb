package event

// commonFields are the tags and fields of every event that do not come from
// the object's bytes.
var commonFields = []Field{
	{Name: "action", Kind: String, Tag: true, Doc: "what became of the object",
		Choices: actionNames[:]},
	{Name: "origin", Kind: String, Tag: true, Doc: "how the change became known: by the first enumeration, a message of the kernel, a rule of the kernel applied to another message (and what a driver says then), or a dump after an overrun or a doubt",
		Choices: originNames[:]},
	{Name: "netns", Kind: String, Tag: true, Doc: "the network namespace; only when namespaces are configured"},
	{Name: "key", Kind: String, Doc: "what the object is known by: 16 hexadecimal digits, the same from its new to its delete, whatever changes, and of no other object of the measurement and namespace meanwhile"},
	{Name: "changed", Kind: String, Doc: "on a change: the fields and tags that differ, comma-separated, in the order of the table, and lifetimes that somebody has set anew (valid_lft, preferred_lft, expires), even to what they were; never portid, process, missed_carrier_changes, irq_count, new_netnsid and new_ifindex, which tell of the message"},
	{Name: "previous_<field>", Kind: None, Doc: "on a change: the value before, of the field's own type, for each name in changed that had one"},
	{Name: "seq", Kind: Int, Doc: "counts the metrics of a plugin instance up by one, so that a consumer sees what an output dropped"},
}

// Common returns the tags and fields that events of every class have beside
// their own, for documentation: they are not in Fields and have no bit in
// Event.Changed. It must not be changed.
func Common() []Field { return commonFields }
