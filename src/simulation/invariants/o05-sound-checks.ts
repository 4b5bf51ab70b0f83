// O5: what phones are promised by an index, they get: archives that they accept, there, and no more than their quota.

import { DAY, type UnixSeconds } from "../../core/clock.ts";
import { joinUrl } from "../../device/follower.ts";
import { followedAt, kindOf, treesOf } from "../observe/followed-trees.ts";
import { stateAt } from "../observe/lines-at.ts";
import { listedSpans } from "../observe/listed-spans.ts";
import type { Observed, ObservedCheck, ObservedPhone, ObservedTree } from "../observe/observed.ts";
import { refusalsOf } from "../observe/refused-archives.ts";
import { earliest } from "./earliest.ts";
import { graceSeconds } from "./i05-line-before-archive.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const soundChecks: Invariant = {
  id: "O5",
  rule: "No phone refuses an archive, misses a listed file or the index, or is made to exceed its quota by repetition.",
  experience: "The check fails, and everything in it is late or lost.",
  check: (observed) => earliest(findFailedChecks(observed)),
};

function* findFailedChecks(observed: Observed): Generator<Violation> {
  for (const phone of observed.phones) {
    for (const { at, name, reason } of refusalsOf(phone)) {
      yield { at, where: phone.name, witness: name, what: `The phone refused ${name}: ${reason}.` };
    }
    for (const { result, disturbed } of phone.checks) {
      if (disturbed) continue;
      const missing = result.failedDownloads.find(
        ({ url, status }) => isGone(status) && isPromised(observed, phone, url, result.at),
      );
      if (missing === undefined) continue;
      const what = `The phone asked for ${missing.url} and got status ${missing.status}.`;
      yield { at: result.at, where: phone.name, witness: missing.url, what };
    }
    yield* exceededQuotas(observed, phone);
  }
}

/** Not overload, and not too many requests. */
function isGone(status: number | null): boolean {
  return status !== null && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function isPromised(observed: Observed, phone: ObservedPhone, url: string, at: UnixSeconds): boolean {
  return treesOf(observed, followedAt(phone, at)).some((tree) =>
    url === tree.indexUrl ? isIndexThere(observed, tree, at) : isLineThere(observed, tree, url, at),
  );
}

/** Throughout the time for which caches may say otherwise. */
function isIndexThere({ limits }: Observed, tree: ObservedTree, at: UnixSeconds): boolean {
  const since = at - limits.indexCacheSeconds;
  const states = [stateAt(tree, since), ...tree.indexes.filter((state) => state.at > since && state.at <= at)];
  return states.every((state) => state !== null && state.body !== null);
}

/** It is listed, or was a moment ago. */
function isLineThere({ limits }: Observed, tree: ObservedTree, url: string, at: UnixSeconds): boolean {
  const base = joinUrl(tree.baseUrl, "");
  const spans = url.startsWith(base) ? listedSpans(tree).get(url.slice(base.length)) : undefined;
  return spans?.some(({ from, until }) => from <= at && (until ?? Infinity) + graceSeconds(limits) > at) === true;
}

function* exceededQuotas(observed: Observed, phone: ObservedPhone): Generator<Violation> {
  const perDay = phone.callsPerDay ?? kindOf(phone)?.filesPerDay ?? null;
  if (perDay === null) return;
  for (const [position, { result }] of phone.checks.entries()) {
    if (result.reason !== "quota_exhausted" || !isSteady(phone, position)) continue;
    const since = result.at - DAY - 2 * phone.pollSeconds - observed.limits.indexCacheSeconds;
    const fresh = treesOf(observed, followedAt(phone, result.at)).flatMap((tree) => newLines(tree, since, result.at));
    if (fresh.length >= perDay) continue;
    const what = `The phone had used up its quota of ${perDay} a day, with ${fresh.length} new files.`;
    yield { at: result.at, where: phone.name, witness: phone.name, what };
  }
}

/** It has not just begun or come back, so that nothing but the last day's files can be pending. */
function isSteady({ checks, pollSeconds, away }: ObservedPhone, position: number): boolean {
  const at = checks[position]?.result.at ?? 0;
  const since = at - DAY - 2 * pollSeconds;
  const lately = (check: ObservedCheck) => check.result.at > since && check.result.at < at;
  const isOld = (checks[0]?.result.at ?? at) <= since;
  const wasThere = away.every(({ from, until }) => until <= since || from >= at);
  return (
    isOld && wasThere && checks.filter(lately).every(({ result, disturbed }) => result.result === "ok" && !disturbed)
  );
}

function newLines(tree: ObservedTree, since: UnixSeconds, at: UnixSeconds): string[] {
  return [...listedSpans(tree)].flatMap(([line, [first]]) =>
    first !== undefined && first.from > since && first.from <= at ? [line] : [],
  );
}
