// Which addresses count as public.

import { expect, test } from "vitest";
import { isNeverFetched, isPublicAddress } from "./public-address.ts";

test.each(["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "192.169.0.1", "223.255.255.255"])(
  "IPv4 %s is public",
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.each(["2606:4700::1111", "2a00:1450:4001::5", "::ffff:8.8.8.8", "::ffff:808:808"])(
  "IPv6 %s is public",
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.each([
  ["0.0.0.0", "this host"],
  ["10.1.2.3", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.1.1", "private"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["169.254.169.254", "cloud metadata"],
  ["100.64.0.1", "CGNAT"],
  ["100.100.100.200", "cloud metadata inside CGNAT"],
  ["192.0.0.192", "cloud metadata, IETF assignments"],
  ["198.18.0.1", "benchmarks"],
  ["203.0.113.5", "documentation"],
  ["224.0.0.1", "multicast"],
  ["255.255.255.255", "broadcast"],
  ["::", "unspecified"],
  ["::1", "loopback"],
  ["::ffff:127.0.0.1", "loopback, mapped"],
  ["::ffff:a9fe:a9fe", "cloud metadata, mapped"],
  ["::ffff:0:127.0.0.1", "loopback, translated"],
  ["::127.0.0.1", "loopback, compatible"],
  ["64:ff9b::7f00:1", "loopback behind NAT64"],
  ["fe80::1", "link-local"],
  ["fe80::1%eth0", "link-local with a zone"],
  ["fc00::1", "unique local"],
  ["fd00:ec2::254", "cloud metadata, unique local"],
  ["ff02::1", "multicast"],
  ["2001:db8::1", "documentation"],
  ["2002:7f00:1::", "loopback inside 6to4"],
  ["2001:0:4136:e378::", "Teredo"],
  ["2606:4700::1111%1", "a zone on a public address"],
  ["localhost", "no address"],
  ["", "no address"],
])("%s is not public: %s", (address) => expect(isPublicAddress(address)).toBe(false));

test.each([
  "169.254.169.254",
  "169.254.0.1",
  "100.100.100.200",
  "192.0.0.192",
  "fe80::1",
  "fe80::1%eth0",
  "febf::1",
  "fd00:ec2::254",
  "::ffff:169.254.169.254",
  "::ffff:a9fe:a9fe",
  "::169.254.169.254",
  "::ffff:0:169.254.169.254",
  "64:ff9b::169.254.169.254",
  "64:ff9b::100.100.100.200",
  "2002:a9fe:a9fe::1",
])("nothing is ever fetched from %s", (address) => {
  expect(isNeverFetched(address)).toBe(true);
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  "10.0.0.1",
  "127.0.0.1",
  "192.168.1.1",
  "::1",
  "fd00::1",
  "::ffff:10.0.0.1",
  "8.8.8.8",
  "2606:4700::1111",
  "x",
])("%s may be allowed", (address) => expect(isNeverFetched(address)).toBe(false));
