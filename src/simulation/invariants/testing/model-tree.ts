// A published tree as a correct server keeps it, for worlds in which nothing goes wrong.

import { archiveName } from "../../../archive/archive-name.ts";
import { DAY, type UnixSeconds } from "../../../core/clock.ts";
import type { IndexState, ObservedTree } from "../../observe/observed.ts";
import type { ArchiveContent, ObservedArchive } from "../../observe/observed-archive.ts";
import { reportTypeOf } from "../../observe/record-values.ts";
import { archiveOf, indexAt, makeTree, REPORT_TYPES } from "./make-observed.ts";

export interface Supply {
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
  readonly primaries: readonly string[];
  readonly revised: readonly string[];
  /** How to pad what remains; a mirror does not. */
  readonly pad?: (count: number) => readonly string[];
}

export interface ModelTree {
  /** Content of what is listed, in order. */
  readonly listed: readonly { readonly line: string; readonly content: ArchiveContent }[];
  append(supply: Supply, now: UnixSeconds): void;
  /** Expires, writes the index if it changed, deletes after two days. */
  tidy(now: UnixSeconds): void;
  observe(facts: Partial<ObservedTree>): ObservedTree;
}

const GRACE_SECONDS = 2 * DAY;

export function createModelTree(retentionSeconds: number): ModelTree {
  const published = new Map<string, string[]>();
  const archives: { -readonly [Name in keyof ObservedArchive]: ObservedArchive[Name] }[] = [];
  const indexes: IndexState[] = [];
  let listed: { line: string; content: ArchiveContent; until: UnixSeconds }[] = [];
  let gone: { line: string; at: UnixSeconds }[] = [];
  let lastEnd = 0;
  let written = "";

  function append({ start, end, primaries, revised, pad }: Supply, now: UnixSeconds): void {
    const wanted = [...primaries.filter((record) => !revised.some((other) => sameKey(other, record))), ...revised];
    const rest = wanted.filter((record) => !isKnown(published.get(record.slice(0, 32)), record));
    if (rest.length === 0) return;
    const fresh = rest.filter(
      (record) => !isRevoked(record) && !published.has(record.slice(0, 32)) && !revised.includes(record),
    );
    const changed = rest.filter((record) => !fresh.includes(record));
    fresh.push(...(pad?.(rest.length) ?? []));
    for (const record of [...fresh, ...changed]) {
      published.set(record.slice(0, 32), [...(published.get(record.slice(0, 32)) ?? []), record]);
    }
    const from = Math.max(start, lastEnd);
    lastEnd = Math.max(end, from + 1);
    const window = { start: BigInt(from), end: BigInt(lastEnd) };
    const line = archiveName(from, lastEnd);
    const archive = archiveOf(0, { line, putAt: now, content: { ...window, primaries: fresh, revised: changed } });
    archives.push(archive);
    if (archive.content !== null) listed.push({ line, content: archive.content, until: now + retentionSeconds });
  }

  function tidy(now: UnixSeconds): void {
    while (listed.length > 1 && (listed[0]?.until ?? now) <= now) {
      gone.push({ line: listed.shift()?.line ?? "", at: now });
    }
    const lines = listed.map(({ line }) => line);
    if (lines.join() !== written) indexes.push(indexAt(now, lines));
    written = lines.join();
    for (const { line } of gone.filter(({ at }) => at + GRACE_SECONDS <= now)) {
      for (const archive of archives) if (archive.line === line) archive.deletedAt = now;
    }
    gone = gone.filter(({ at }) => at + GRACE_SECONDS > now);
  }

  return {
    get listed() {
      return listed;
    },
    append,
    tidy,
    observe: (facts) => makeTree({ retentionSeconds, ...facts, indexes, archives }),
  };
}

/** It was published so, or a revision of it was. */
function isKnown(before: readonly string[] | undefined, record: string): boolean {
  if (before === undefined) return false;
  return before.includes(record) || (isOriginal(record) && before.some((other) => !isOriginal(other)));
}

/** In these worlds only likely keys are ever revised. */
function isOriginal(record: string): boolean {
  return reportTypeOf(record) === REPORT_TYPES.likely;
}

export function isRevoked(record: string): boolean {
  return reportTypeOf(record) === REPORT_TYPES.revoked;
}

function sameKey(one: string, other: string): boolean {
  return one.slice(0, 32) === other.slice(0, 32);
}
