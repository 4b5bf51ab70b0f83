// Handing source archives over to the location: one after the other, or the history as few archives.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import { collectGarbageAfter } from "../../platform/memory/collect-garbage.ts";
import type { AppendOutcome } from "../locations/location-types.ts";
import { fetchingAhead, type SourceArchive } from "./fetch-source.ts";
import type { Mirror, MirrorDeps, MirrorErrorCode, TakenArchive } from "./mirror-types.ts";
import { recordTaken } from "./queries.ts";

/** What one run may hand over. */
export interface Turn {
  /** At least one. */
  readonly lines: readonly string[];
  /** Whether nothing else is listed behind them. */
  readonly isLast: boolean;
  /** Whether it has taken its time; it ends behind the archive at which it is. */
  readonly isOver: () => boolean;
}

/** Hands over each archive by itself, verified before; answers the mirror as it stands then. */
export async function handOverEach(
  deps: MirrorDeps,
  mirror: Mirror,
  { lines, isOver }: Turn,
  now: UnixSeconds,
): Promise<Mirror> {
  const sources = fetchingAhead(deps, mirror, lines, now);
  let current = mirror;
  for (const line of lines) {
    current = await handOverOne(deps, current, line, await sources.next(), now);
    if (isOver()) break;
  }
  return current;
}

async function handOverOne(
  deps: MirrorDeps,
  mirror: Mirror,
  line: string,
  source: SourceArchive,
  now: UnixSeconds,
): Promise<Mirror> {
  const commit = async (tx: Parameters<typeof recordTaken>[0], outcome: AppendOutcome) => {
    const taken = [{ ...aboutSource(line, source), ...whatBecame(outcome) }];
    if (!(await recordTaken(tx, mirror, taken, now, true))) throw overtaken(mirror);
  };
  const supplier = `mirror:${mirror.name}`;
  const { archive, bytes } = source;
  if (bytes !== null) {
    await deps.locations.appendCopy(mirror.location, supplier, { archive, bytes }, now, commit);
  } else {
    const { header, primaries, revised } = archive;
    const supply = { supplier, region: mirror.region, start: header.start, end: header.end, primaries, revised };
    await deps.locations.append(mirror.location, supply, now, commit);
  }
  collectGarbageAfter(archive.primaries.length + archive.revised.length);
  return { ...mirror, nextPosition: mirror.nextPosition + 1, historyDoneAt: mirror.historyDoneAt ?? now };
}

/**
 * Hands over everything that is listed when the mirror begins, merged into archives of about `maxRecords` keys, so that
 * phones with a limit of files a day get it at once (DB I22). A source archive goes whole into one of them; each is
 * committed with the lines that it covers, so an interrupted history goes on behind them.
 */
export async function handOverHistory(
  deps: MirrorDeps,
  mirror: Mirror,
  { lines, isLast, isOver }: Turn,
  now: UnixSeconds,
): Promise<Mirror> {
  const sources = fetchingAhead(deps, mirror, lines, now);
  let current = mirror;
  let left = lines.length;
  let part = emptyPart();
  for (const line of lines) {
    const source = await sources.next().catch(async (error: unknown) => {
      if (part.lines.length > 0) await handOverPart(deps, current, part, now, false);
      throw error;
    });
    const size = source.archive.primaries.length + source.archive.revised.length;
    if (part.lines.length > 0 && part.size + size > mirror.maxRecords) {
      current = await handOverPart(deps, current, part, now, false);
      part = emptyPart();
    }
    addToPart(part, line, source, size);
    left--;
    if (isOver()) break;
  }
  return handOverPart(deps, current, part, now, isLast && left === 0);
}

type SourceFacts = Pick<TakenArchive, "line" | "digest" | "end" | "refused">;

interface HistoryPart {
  size: number;
  start: UnixSeconds;
  end: UnixSeconds;
  readonly lines: SourceFacts[];
  readonly primaries: KeyBatch[];
  readonly revised: KeyBatch[];
}

function emptyPart(): HistoryPart {
  return {
    size: 0,
    start: Number.MAX_SAFE_INTEGER,
    end: 0,
    lines: [],
    primaries: [],
    revised: [],
  };
}

function addToPart(part: HistoryPart, line: string, source: SourceArchive, size: number): void {
  part.size += size;
  part.start = Math.min(part.start, source.archive.header.start);
  part.end = Math.max(part.end, source.archive.header.end);
  part.lines.push(aboutSource(line, source));
  part.primaries.push(source.archive.primaries);
  part.revised.push(source.archive.revised);
}

async function handOverPart(
  deps: MirrorDeps,
  mirror: Mirror,
  part: HistoryPart,
  now: UnixSeconds,
  historyDone: boolean,
): Promise<Mirror> {
  const supply = {
    supplier: `mirror:${mirror.name}`,
    region: mirror.region,
    start: part.start,
    end: part.end,
    primaries: KeyBatch.concat(part.primaries),
    revised: KeyBatch.concat(part.revised),
  };
  await deps.locations.append(mirror.location, supply, now, async (tx, outcome) => {
    const nothing = { locationLine: outcome.archive?.line ?? null, primaries: 0, revised: 0, leftOut: 0 };
    const taken = part.lines.map((about, at) => ({ ...about, ...(at === 0 ? whatBecame(outcome) : nothing) }));
    if (!(await recordTaken(tx, mirror, taken, now, historyDone))) throw overtaken(mirror);
  });
  collectGarbageAfter(part.size);
  return {
    ...mirror,
    nextPosition: mirror.nextPosition + part.lines.length,
    historyDoneAt: historyDone ? now : mirror.historyDoneAt,
  };
}

function aboutSource(line: string, { archive }: SourceArchive): SourceFacts {
  const refused = Object.values(archive.refusedCounts).reduce((sum, count) => sum + count, 0);
  return { line, digest: archive.digest, end: archive.header.end, refused };
}

function whatBecame({ archive, remaining }: AppendOutcome): Omit<TakenArchive, keyof SourceFacts> {
  return {
    locationLine: archive?.line ?? null,
    primaries: remaining.primaries.length,
    revised: remaining.revised.length,
    leftOut: remaining.leftOut,
  };
}

function overtaken(mirror: Mirror): CodedError {
  return new CodedError<MirrorErrorCode>("mirror_overtaken", `another worker went on with "${mirror.name}" meanwhile`);
}
