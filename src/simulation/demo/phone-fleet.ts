// The phones of a demo: three that follow the state's client location, and one that follows the nation's.

import type { TrustedKey } from "../../archive/archive-types.ts";
import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import type { DeviceFetch } from "../../device/download.ts";
import { nodePhoneTools } from "../../device/node-phone-tools.ts";
import type { Phone } from "../../device/phone.ts";
import { androidReferencePhone, covidgreenAndroidPhone, setPhone } from "../../device/presets.ts";
import type { ObservedPhone } from "./judge-world.ts";
import type { World } from "./world.ts";

export interface FleetPhone {
  readonly phone: Phone;
  readonly method: string;
  readonly follows: "state-client" | "national";
  readonly pollSeconds: number;
  readonly refused: string[];
  readonly skipped: Set<string>;
  readonly repeated: string[];
  /** When it began to follow. */
  startedAt: UnixSeconds;
}

/** Three of DB 8's kinds at the state's known address, and a citizen of the nation, who proves that its keys arrive. */
export function createFleet(world: World, clientSeal: TrustedKey, nationalSeal: TrustedKey): FleetPhone[] {
  const client = at(`${world.state.publicUrl}/state-client`, clientSeal);
  const national = at(`${world.nation.publicUrl}/national`, nationalSeal);
  const phone = (
    made: Phone,
    method: string,
    pollHours: number,
    follows: FleetPhone["follows"] = "state-client",
  ): FleetPhone => ({
    phone: made,
    method,
    follows,
    pollSeconds: pollHours * HOUR,
    refused: [],
    skipped: new Set(),
    repeated: [],
    startedAt: 0,
  });
  return [
    phone(androidReferencePhone({ name: "android-lenient", ...client }), "last seen", 4),
    phone(covidgreenAndroidPhone({ name: "android-strict", ...client }), "name time", 6),
    phone(setPhone({ name: "ios", ...client }), "set of names", 8),
    phone(androidReferencePhone({ name: "nation-android", ...national }), "last seen", 4, "national"),
  ];
}

/** From `from` on every phone checks at its rhythm, each at its own minute. */
export function startFleet(world: World, fleet: readonly FleetPhone[], from: UnixSeconds, until: UnixSeconds): void {
  const random = world.random.fork("fleet");
  for (const member of fleet) {
    const offset = 60 * random.integer(59);
    member.startedAt = from + offset;
    for (let time = from + offset; time <= until; time += member.pollSeconds) {
      world.runner.at(time, member.phone.name, (now) => check(member, now));
    }
  }
}

export async function check(member: FleetPhone, now: UnixSeconds): Promise<void> {
  const result = await member.phone.check(now);
  member.refused.push(...result.refused.map(({ name, reason }) => `${name}: ${reason}`));
  member.repeated.push(...result.repeatedPrimaries);
  for (const keyHex of result.skippedRevisions) member.skipped.add(keyHex);
}

export function observe(
  member: FleetPhone,
  { expects, opensAt }: Pick<ObservedPhone, "expects" | "opensAt">,
  now: UnixSeconds,
): ObservedPhone {
  const { counters } = member.phone.memory;
  return {
    name: member.phone.name,
    method: member.method,
    held: [...member.phone.heldKeys()],
    expects,
    opensAt,
    checks: counters.checks,
    checksOk: counters.checksOk,
    // The time before the first good check and after the last counts as well.
    longestGapSeconds: Math.max(counters.longestGapSeconds, now - (counters.lastOkAt ?? member.startedAt)),
    refusedArchives: member.refused,
    repeatedPrimaries: member.repeated,
    skippedRevisions: member.skipped,
  };
}

function at(baseUrl: string, seal: TrustedKey) {
  return {
    indexUrl: `${baseUrl}/index.txt`,
    baseUrl,
    trustedKeys: [[seal]],
    fetch: fetchOverHttp,
    tools: nodePhoneTools,
  };
}

const fetchOverHttp: DeviceFetch = async (url) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  return { status: response.status, bytes: await response.bytes() };
};
