package main

import "net/netip"

// without are the ranges that make up the IPv4 range, less the exceptions.
func without(cidr string, except []string) []string {
	whole, err := netip.ParsePrefix(cidr)
	if err != nil || !whole.Addr().Is4() {
		return nil
	}
	left := []netip.Prefix{whole.Masked()}
	for _, text := range except {
		hole, err := netip.ParsePrefix(text)
		if err != nil || !hole.Addr().Is4() {
			continue
		}
		var kept []netip.Prefix
		for _, part := range left {
			kept = append(kept, cut(part, hole.Masked())...)
		}
		left = kept
	}
	var texts []string
	for _, part := range left {
		texts = append(texts, part.String())
	}
	return texts
}

// cut halves the range until each part lies wholly inside or outside the hole, and keeps those outside.
func cut(whole, hole netip.Prefix) []netip.Prefix {
	if !whole.Overlaps(hole) {
		return []netip.Prefix{whole}
	}
	if hole.Bits() <= whole.Bits() {
		return nil
	}
	low := netip.PrefixFrom(whole.Addr(), whole.Bits()+1)
	bytes := low.Addr().As4()
	bytes[whole.Bits()/8] |= 0x80 >> (whole.Bits() % 8)
	high := netip.PrefixFrom(netip.AddrFrom4(bytes), whole.Bits()+1)
	return append(cut(low, hole), cut(high, hole)...)
}
