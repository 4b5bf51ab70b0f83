// One archive of a stretch: read, padded, appended, and committed together with the place where it ended.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Random } from "../../core/random.ts";
import { releaseBytes } from "../../core/release-bytes.ts";
import type { Database, Db } from "../../platform/database/database.ts";
import { collectGarbageAfter } from "../../platform/memory/collect-garbage.ts";
import type { Pace } from "../../platform/time/pace.ts";
import type { ClosedEnd } from "../exposures/close-windows.ts";
import { insertGeneratedKeys } from "../exposures/queries.ts";
import type { LocationsFeature } from "../locations/feature.ts";
import type { ExportConfig, OpenWindow, WindowPart } from "./export-types.ts";
import { type Padding, padContent } from "./pad-content.ts";
import { readPart } from "./read-part.ts";

export interface ExportDeps {
  readonly database: Database;
  readonly locations: Pick<LocationsFeature, "append" | "publish">;
  readonly random: Random;
  /** For waiting until saves have ended that began before a window was closed. */
  readonly pace: Pace;
}

/** `end` is excluded. */
export interface Stretch {
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
}

/** One that may be read: all that will ever be released in it is there. */
export interface ClosedStretch extends Stretch {
  readonly end: ClosedEnd;
}

/** Notes the place inside the transaction of the archive; throws where somebody else has gone on meanwhile. */
export type NoteProgress = (tx: Db, next: OpenWindow | null, part: WindowPart) => Promise<void>;

/** Goes on where `config.openWindow` says. Answers the place where the next part begins; null: the stretch is complete. */
export async function handOverPart(
  deps: ExportDeps,
  config: ExportConfig,
  stretch: ClosedStretch,
  now: UnixSeconds,
  note: NoteProgress,
): Promise<OpenWindow | null> {
  const { primaries, revised, next } = await deps.database.transaction((tx) => readPart(tx, config, stretch));
  let padding: Padding | null = null;
  const supply = {
    supplier: `export:${config.name}`,
    region: config.region,
    ...stretch,
    primaries,
    revised,
    pad: (remaining: { primaries: Padding["sources"]; revised: Padding["sources"] }) => {
      padding = padContent(remaining.primaries, remaining.revised, config, deps.random);
      return padding.generated;
    },
  };
  await deps.locations.append(config.location, supply, now, async (tx, { archive, remaining, padding: generated }) => {
    await note(tx, next, {
      archives: archive ? 1 : 0,
      primaries: remaining.primaries.length,
      revised: remaining.revised.length,
      leftOut: remaining.leftOut,
      generated: generated.length,
    });
    if (padding === null || generated.length === 0) return;
    await insertGeneratedKeys(tx, padding.generated.bytes, padding.sources.bytes, stretch.end - 1);
  });
  const keyCount = primaries.length + revised.length;
  for (const { bytes } of [primaries, revised]) releaseBytes(bytes);
  collectGarbageAfter(keyCount);
  return next;
}
