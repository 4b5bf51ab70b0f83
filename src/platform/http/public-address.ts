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

/** Link-local addresses, at which clouds hand out credentials, and their other such places; in every form that holds one. */
const NEVER_IPV4: readonly (readonly [string, number])[] = [
  ["169.254.0.0", 16],
  ["100.100.100.200", 32],
  ["192.0.0.192", 32],
];
const NEVER_IPV6: readonly (readonly [string, number])[] = [
  ["fe80::", 10],
  ["fd00:ec2::", 32],
  ...["::", "::ffff:0:", "64:ff9b::"].flatMap((prefix) => [
    [`${prefix}a9fe:0`, 112] as const,
    [`${prefix}6464:64c8`, 128] as const,
    [`${prefix}c000:c0`, 128] as const,
  ]),
  ["2002:a9fe::", 32],
];

const neverIpv4 = listOf("ipv4", NEVER_IPV4);
const neverIpv6 = listOf("ipv6", NEVER_IPV6);
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

/** Whether nothing is ever fetched from `address`, an address as above, whatever an operator allows. */
export function isNeverFetched(address: string): boolean {
  const [plain = ""] = address.split("%");
  if (isIP(plain) === 4) return neverIpv4.check(plain, "ipv4");
  if (isIP(plain) !== 6) return false;
  return neverIpv6.check(plain, "ipv6") || (ipv4Mapped.check(plain, "ipv6") && neverIpv4.check(plain, "ipv6"));
}

function listOf(family: "ipv4" | "ipv6", ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
}
