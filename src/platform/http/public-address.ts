// Which addresses belong to the public internet, so that a configured URL cannot reach into our own network.

import { BlockList, isIP } from "node:net";

/** IPv4 ranges that are not public: private, loopback, link-local (cloud metadata), shared (CGNAT), reserved (RFC 6890). */
const NOT_PUBLIC_IPV4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/** Inside the global unicast range, yet not public; 6to4 and Teredo because an IPv4 address hides in them. */
const NOT_PUBLIC_IPV6: readonly (readonly [string, number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const notPublicIpv4 = listOf("ipv4", NOT_PUBLIC_IPV4);
const notPublicIpv6 = listOf("ipv6", NOT_PUBLIC_IPV6);
/** All public IPv6 addresses there are so far lie here; loopback, unique-local and link-local do not. */
const globalUnicast = listOf("ipv6", [["2000::", 3]]);
const ipv4Mapped = listOf("ipv6", [["::ffff:0:0", 96]]);

/** Whether `address`, a literal IPv4 or IPv6 address without brackets, is public. False for anything else. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !notPublicIpv4.check(address, "ipv4");
  if (isIP(address) !== 6 || address.includes("%")) return false;
  // A BlockList of IPv4 ranges looks through the mapping by itself.
  if (ipv4Mapped.check(address, "ipv6")) return !notPublicIpv4.check(address, "ipv6");
  return globalUnicast.check(address, "ipv6") && !notPublicIpv6.check(address, "ipv6");
}

function listOf(family: "ipv4" | "ipv6", ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
}
