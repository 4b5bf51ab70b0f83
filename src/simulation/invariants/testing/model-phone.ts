// A phone that takes every listed archive once, in order, and keeps what the rules of DB 4.1 let it keep.

import { HOUR } from "../../../core/clock.ts";
import type { ObservedCheck, ObservedPhone } from "../../observe/observed.ts";
import type { GoodPhone } from "./good-plan.ts";
import { checkAt, heldKey, hour, makePhone, placeOf } from "./make-observed.ts";
import { isRevoked, type ModelTree } from "./model-tree.ts";

export interface ModelPhone {
  live(now: number, trees: Readonly<Record<GoodPhone["follows"], ModelTree>>): void;
  observe(): ObservedPhone;
}

export function createModelPhone(name: string, plan: GoodPhone, switchHour: number): ModelPhone {
  const { follows, pollHours, beginsHour, away } = plan;
  const seen = new Set<string>();
  const held = new Map<string, { record: string; readonly since: number }>();
  const checks: ObservedCheck[] = [];

  function check(now: number, tree: ModelTree): void {
    const files = tree.listed.filter(({ line }) => !seen.has(line));
    const repeatedPrimaries: string[] = [];
    const skippedRevisions: string[] = [];
    for (const { line, content } of files) {
      seen.add(line);
      for (const record of content.primaries) {
        const keyHex = record.slice(0, 32);
        if (held.has(keyHex)) repeatedPrimaries.push(keyHex);
        else held.set(keyHex, { record, since: now });
      }
    }
    for (const record of files.flatMap(({ content }) => content.revised)) {
      const keyHex = record.slice(0, 32);
      const known = held.get(keyHex);
      if (known === undefined) held.set(keyHex, { record, since: now });
      // What came in this very call is not revised by it.
      else if (known.since === now) skippedRevisions.push(keyHex);
      else known.record = record;
    }
    const accepted = files.map(({ line }) => line);
    checks.push(
      checkAt(hour(now), { accepted, repeatedPrimaries, skippedRevisions, provideCalls: accepted.length > 0 ? 1 : 0 }),
    );
  }

  return {
    live(now, trees) {
      const isAway = away !== null && away.fromHour <= now && now < away.fromHour + away.hours;
      if (now >= beginsHour && (now - beginsHour) % pollHours === 0 && !isAway) check(now, trees[follows]);
    },
    observe: () =>
      makePhone({
        name,
        follows: [{ from: hour(beginsHour), ...placeOf(follows), roaming: [] }],
        pollSeconds: pollHours * HOUR,
        away: away === null ? [] : [{ from: hour(away.fromHour), until: hour(away.fromHour + away.hours) }],
        expects: [
          { place: "state", from: hour(0) },
          { place: "nation", from: hour(follows === "client" ? switchHour : 0) },
        ],
        checks,
        held: [...held.values()]
          .filter(({ record }) => !isRevoked(record))
          .map(({ record, since }) => heldKey(record, hour(since))),
      }),
  };
}
