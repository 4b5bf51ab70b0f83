// What is wrong with the way of keys inside the server: locations without a feeder, ends that left something, seals without a key.

import { DAY, isoTime, type UnixSeconds } from "../../core/clock.ts";
import { shellWord } from "../../core/shell-word.ts";
import type { Alarm, WatchedFlow, WatchedSeal, WatchedUpstream } from "./watch-types.ts";

/** What an end left is of no use to phones any more. */
const LEFT_MATTERS_SECONDS = 14 * DAY;

/** `signingKeys`: those of this process; null: it signs nothing. */
export function judgeFlow(flow: WatchedFlow, signingKeys: readonly string[] | null, now: UnixSeconds): Alarm[] {
  return [
    ...flow.locations.flatMap(({ name }) => judgeFeeding(name, flow)),
    ...flow.upstreams.flatMap((upstream) => judgeEnd(upstream, now)),
    ...flow.locations.flatMap(({ name, seals }) => judgeSeals(name, seals, signingKeys, now)),
  ];
}

/** A location that never had an export or a mirror waits for its first. */
function judgeFeeding(name: string, { exports, upstreams }: WatchedFlow): Alarm[] {
  const feeders = [...exports, ...upstreams].filter(({ location }) => location === name);
  const ends = feeders.map(({ endedAt }) => endedAt).filter((endedAt) => endedAt !== null);
  if (feeders.length === 0 || ends.length < feeders.length) return [];
  const since = Math.max(...ends);
  const location = shellWord(name);
  return [
    {
      kind: "location",
      name,
      reason: "watch_location_unfed",
      state: "late",
      since,
      detail: `nothing feeds it since ${isoTime(since)}: phones that follow it get no key any more`,
      remedy: `Let one go on (enks export continue <name>), or create an export or a mirror into it: enks export create <name> --location ${location} --region <region> --backfill 14d, or enks mirror add <name> --location ${location} ...`,
    },
  ];
}

function judgeEnd({ kind, name, endedAt, waiting }: WatchedUpstream, now: UnixSeconds): Alarm[] {
  if (endedAt === null || waiting === 0 || now - endedAt > LEFT_MATTERS_SECONDS) return [];
  return [
    {
      kind,
      name,
      reason: "watch_lines_left",
      state: "late",
      since: endedAt,
      detail: `it ended with ${waiting} listed ${waiting === 1 ? "archive" : "archives"} that ${waiting === 1 ? "was" : "were"} not taken`,
      remedy: `Follow the server again under a new name, which takes what it still lists: enks ${kind} add <name> ...`,
    },
  ];
}

function judgeSeals(
  name: string,
  seals: readonly WatchedSeal[],
  signingKeys: readonly string[] | null,
  now: UnixSeconds,
): Alarm[] {
  const missing = missingSigningKeys(seals, signingKeys, now);
  return missing.map(({ signingKey, from }) => ({
    kind: "location",
    name,
    reason: "watch_signing_key_missing",
    state: "broken",
    since: from,
    detail: `its seal names the signing key ${signingKey}, which is not here: nothing can be published`,
    remedy: `Bring the file of the key back into the folder of the signing keys of every process with the duty export or mirror; enks signing-key list shows those that are there`,
  }));
}

/** Seals in force whose signing key is not among `signingKeys`; none where null is given: such a process signs nothing. */
export function missingSigningKeys(
  seals: readonly WatchedSeal[],
  signingKeys: readonly string[] | null,
  now: UnixSeconds,
): { readonly signingKey: string; readonly from: UnixSeconds }[] {
  if (signingKeys === null) return [];
  return seals.flatMap(({ signingKey, from, until }) =>
    from <= now && (until === null || now < until) && signingKey !== null && !signingKeys.includes(signingKey)
      ? [{ signingKey, from }]
      : [],
  );
}
