// The phones of a double world: of several kinds, one that was off, one that travels, one at an address that is given up.

import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../../core/clock.ts";
import type { PhoneLocation } from "../../../device/follower.ts";
import { PHONE_KINDS } from "../../../device/kinds.ts";
import type { Phone } from "../../../device/phone.ts";
import type { CosignSet } from "../../../device/verifier.ts";
import type { Carried } from "../../observe/observed.ts";
import { type PhoneRecorder, recordPhone } from "../../observe/record-phone.ts";
import type { DoubleWorld, TreeName } from "./double-world.ts";
import { ORIGIN } from "./network.ts";
import { STARTS_AT, T } from "./timeline.ts";

export interface FleetPlan {
  readonly name: string;
  readonly kind: string;
  readonly follows: TreeName;
  readonly from: UnixSeconds;
  readonly trustedKeys: readonly CosignSet[];
  readonly expects: readonly Carried[];
  readonly away?: { readonly from: UnixSeconds; readonly until: UnixSeconds };
}

export interface FleetPhone {
  readonly recorder: PhoneRecorder;
  /** From `at` on it follows another tree, or others besides. */
  move(to: TreeName, roaming: readonly TreeName[], at: UnixSeconds): void;
}

export function planFleet({ seals, has }: DoubleWorld): FleetPlan[] {
  const asState: CosignSet[] = [[seals.state.trusted]];
  const asNation: CosignSet[] = [
    [{ ...seals.nationOld.trusted, until: T.newSealBegins + DAY }],
    [{ ...seals.nationNew.trusted, from: T.newSealTrusted }],
  ];
  // One key at a time, and the new one in the moment in which everything listed is under it.
  const oneAfterTheOther: CosignSet[] = [
    [{ ...seals.nationOld.trusted, until: T.newSealBegins }],
    [{ ...seals.nationNew.trusted, from: T.newSealBegins }],
  ];
  const stateAndNation = [
    { place: "state", from: STARTS_AT },
    { place: "nation", from: T.contentSwitch },
  ];
  const client = (name: string, kind: string, more: Partial<FleetPlan> = {}): FleetPlan => ({
    name,
    kind,
    follows: "client",
    from: STARTS_AT,
    trustedKeys: asState,
    expects: stateAndNation,
    ...more,
  });
  const national = (
    name: string,
    kind: string,
    trustedKeys: readonly CosignSet[] = asNation,
    from: UnixSeconds = STARTS_AT,
  ): FleetPlan => ({
    name,
    kind,
    follows: "national",
    from,
    trustedKeys,
    expects: [
      { place: "nation", from },
      { place: "state", from: Math.max(from, T.importFrom) },
    ],
  });
  const updated = has("updated-before-history-is-there") ? [...asState, ...asNation] : asState;
  return [
    client("reference", "android-lenient"),
    client("covidgreen", "android-covidgreen"),
    client("ios", "ios-version-2"),
    client("three-days-off", "android-strict", { away: { from: T.mirrorTroubles, until: T.mirrorTroubles + 3 * DAY } }),
    client("updated", "android-lenient", { follows: "legacy", trustedKeys: updated }),
    client("travelling", "android-lenient", {
      trustedKeys: [...asState, ...asNation, [seals.abroad.trusted]],
      expects: [...stateAndNation, { place: "abroad", from: T.travelFrom }],
    }),
    national("nation-reference", "android-lenient"),
    national("nation-covidgreen", "android-covidgreen"),
    national("nation-express", "ios-express", oneAfterTheOther),
    national("nation-fresh", "ios-version-2", asNation.slice(1), T.freshPhone),
  ];
}

/** Puts the checks of a phone into the world's course, at its rhythm and its own minute. */
export function startPhone(world: DoubleWorld, plan: FleetPlan): FleetPhone {
  const { runner, events, clock, random } = world;
  const kind = PHONE_KINDS.find(({ name }) => name === plan.kind);
  if (kind === undefined) throw new RangeError(`there is no phone of the kind ${plan.kind}`);
  const fetch = world.network.fetchAsPhone((url) => {
    const tree = url.slice(ORIGIN.length).split("/")[0] ?? "";
    events.push({ at: clock.now(), kind: "index-requested", tree, phone: plan.name });
  });
  const create = (follows: TreeName, roaming: readonly TreeName[], memory?: Phone["memory"]) =>
    kind.create({
      name: plan.name,
      ...locationOf(follows),
      roaming: roaming.map(locationOf),
      trustedKeys: plan.trustedKeys,
      tools: world.phoneTools,
      fetch,
      ...(memory === undefined ? {} : { memory }),
    });
  const first = create(plan.follows, []);
  const recorder = recordPhone(first, {
    kind: kind.name,
    trustedKeys: plan.trustedKeys,
    pollSeconds: kind.pollSeconds,
    callsPerDay: kind.callsPerDay,
    expects: plan.expects,
    follows: { ...locationOf(plan.follows), from: plan.from, roaming: [] },
  });
  const offset = (1 + random.fork(plan.name).integer(58)) * MINUTE;
  const isAway = (at: UnixSeconds) => plan.away !== undefined && plan.away.from <= at && at < plan.away.until;
  if (plan.away !== undefined) recorder.addAbsence(plan.away.from, plan.away.until);
  for (let at = plan.from + 7 * HOUR + offset; at <= T.endsAt; at += kind.pollSeconds) {
    if (isAway(at)) continue;
    runner.at(at, plan.name, async (now) => void (await recorder.check(now)));
  }
  return {
    recorder,
    move(to, roaming, at) {
      const followed = { ...locationOf(to), from: at, roaming: roaming.map(locationOf) };
      recorder.replace(create(to, roaming, first.memory), followed);
    },
  };
}

function locationOf(tree: TreeName): PhoneLocation {
  return { indexUrl: `${ORIGIN}${tree}/index.txt`, baseUrl: `${ORIGIN}${tree}` };
}
