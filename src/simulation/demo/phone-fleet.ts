// The phones of a demo: every kind at the state's known address, and a few citizens of the nation.

import type { TrustedKey } from "../../archive/archive-types.ts";
import { MINUTE, type UnixSeconds } from "../../core/clock.ts";
import { PHONE_KINDS } from "../../device/kinds.ts";
import { nodePhoneTools } from "../../device/node-phone-tools.ts";
import type { PhoneKind } from "../../device/phone-kind.ts";
import { deviceFetchOver } from "../network/network-clients.ts";
import type { Carried } from "../observe/observed.ts";
import { type PhoneRecorder, recordPhone } from "../observe/record-phone.ts";
import type { World } from "./world.ts";

export type FollowedLocation = "state-client" | "national";

export interface FleetPlan {
  readonly kind: PhoneKind;
  readonly follows: FollowedLocation;
}

/** What its followers trust, and whose keys it has to bring them. */
export interface LocationOfPhones {
  readonly seal: TrustedKey;
  readonly carries: readonly Carried[];
}

export interface FleetPhone extends FleetPlan {
  readonly recorder: PhoneRecorder;
}

/** They prove that the state's keys arrive in the nation. */
const NATIONAL_KINDS: readonly string[] = ["android-lenient", "ios-version-2", "ios-express"];

export const WHOLE_FLEET: readonly FleetPlan[] = [
  ...PHONE_KINDS.map((kind): FleetPlan => ({ kind, follows: "state-client" })),
  ...PHONE_KINDS.filter(({ name }) => NATIONAL_KINDS.includes(name)).map(
    (kind): FleetPlan => ({ kind, follows: "national" }),
  ),
];

export function slowestPollOf(fleet: readonly FleetPlan[]): number {
  return Math.max(0, ...fleet.map(({ kind }) => kind.pollSeconds));
}

/** From `from` until `until` every phone checks at its rhythm, each at its own minute, through the CDN. */
export function startFleet(
  world: World,
  fleet: readonly FleetPlan[],
  locations: Readonly<Record<FollowedLocation, LocationOfPhones>>,
  from: UnixSeconds,
  until: UnixSeconds,
): FleetPhone[] {
  const random = world.random.fork("fleet");
  const fetch = deviceFetchOver(world.cdn.host);
  const urls = { "state-client": world.state.publicUrl, national: world.nation.publicUrl };
  return fleet.map(({ kind, follows }) => {
    const { seal, carries } = locations[follows];
    const name = follows === "national" ? `${kind.name} in the nation` : kind.name;
    const baseUrl = `${urls[follows]}/${follows}`;
    const location = { indexUrl: `${baseUrl}/index.txt`, baseUrl };
    const trustedKeys = [[seal]];
    const firstAt = from + MINUTE * random.integer(59);
    const recorder = recordPhone(kind.create({ name, ...location, trustedKeys, fetch, tools: nodePhoneTools }), {
      kind: kind.name,
      trustedKeys,
      pollSeconds: kind.pollSeconds,
      callsPerDay: kind.callsPerDay,
      expects: carries,
      follows: { from: firstAt, ...location, roaming: [] },
    });
    for (let time = firstAt; time <= until; time += kind.pollSeconds) {
      world.runner.at(time, name, async (now) => {
        await recorder.check(now);
        world.checks.count++;
      });
    }
    return { kind, follows, recorder };
  });
}
