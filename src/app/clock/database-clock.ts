// The clock of the database's machine, and whether that is another one than ours.

import { BlockList, isIP } from "node:net";
import { networkInterfaces } from "node:os";
import type { Database } from "../../platform/database/database.ts";
import { readDatabaseAddress, readDatabaseClock } from "../../platform/time/clock-queries.ts";
import type { DatabaseClock } from "./watch-clock.ts";

/** null for the embedded database, which runs on our clock. */
export async function databaseClockOf(database: Database): Promise<DatabaseClock | null> {
  if (database.kind === "embedded") return null;
  const address = await readDatabaseAddress(database);
  return { isElsewhere: isElsewhere(address, ownNetworks()), read: () => readDatabaseClock(database) };
}

/**
 * Whether `address` (null: a socket) is on another machine for certain. What shares a network with us may be a container
 * on ours, with our clock; to take another machine for ours costs an hour at most.
 */
export function isElsewhere(address: string | null, own: readonly string[]): boolean {
  if (address === null || isIP(address) === 0) return false;
  const near = new BlockList();
  for (const network of own) {
    const [start = "", prefix = ""] = network.split("/");
    near.addSubnet(start, Number(prefix), familyOf(start));
  }
  return !near.check(address, familyOf(address));
}

function ownNetworks(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((some) => (some ?? []).flatMap(({ cidr }) => cidr ?? []));
  return ["127.0.0.0/8", "::1/128", ...found];
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
