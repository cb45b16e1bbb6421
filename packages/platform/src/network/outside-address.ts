import ipaddr from "ipaddr.js";

/**
 * Whether an address is one of the internet: none of this machine, of a private network, of a link (where clouds tell machines
 * their secrets), and none that stands for another one, as those of 6to4, Teredo and NAT64 do.
 */
export function isOutside(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  // `process` takes an IPv4 address out of the IPv6 one that maps it.
  return ipaddr.isValid(bare) && ipaddr.process(bare).range() === "unicast";
}
