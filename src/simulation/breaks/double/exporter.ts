// The export of a double: contiguous windows in order, each into one archive.

import type { UnixSeconds } from "../../../core/clock.ts";
import type { ExposureKey } from "../../../core/exposure-key.ts";
import { type ExportWindow, planWindows } from "../../../core/plan-windows.ts";
import type { Has } from "./defect.ts";
import type { Shelf, StoredExposure } from "./shelf.ts";
import type { DoubleTree } from "./tree.ts";

export interface ExporterOptions {
  readonly shelf: Shelf;
  readonly tree: DoubleTree;
  readonly regions: readonly string[];
  readonly from: UnixSeconds;
  readonly periodSeconds: number;
  readonly backfillSeconds: number;
  readonly has: Has;
}

export interface Exporter {
  readonly run: (now: UnixSeconds) => Promise<void>;
  /** The last window ends at `thru`, wherever that lies in its period. */
  endAt(thru: UnixSeconds): void;
  /** How many processes run it from now on. */
  setWorkers(count: number): void;
}

const TRUNCATE_WINDOW_SECONDS = 3_600;

export function createExporter(options: ExporterOptions): Exporter {
  const { shelf, tree, from, periodSeconds, backfillSeconds, has } = options;
  let exportedUntil: UnixSeconds | null = null;
  let thru: UnixSeconds | null = null;
  let workers = 1;

  function dueWindows(now: UnixSeconds): readonly ExportWindow[] {
    const { windows } = planWindows({
      exportedUntil,
      from,
      thru,
      periodSeconds,
      now,
      minWindowAgeSeconds: 0,
      truncateWindowSeconds: TRUNCATE_WINDOW_SECONDS,
      backfillSeconds: has("import-without-backfill") ? 0 : backfillSeconds,
    });
    if (has("last-window-forgotten")) return windows.filter(({ end }) => end % periodSeconds === 0);
    return has("shuffled-windows") ? windows.toReversed() : windows;
  }

  function belongs({ region }: StoredExposure): boolean {
    if (has("several-regions-export-all") && options.regions.length > 1) return true;
    return options.regions.includes(region);
  }

  async function exportWindow({ start, end }: ExportWindow, now: UnixSeconds): Promise<void> {
    const keepGenerated = (key: ExposureKey) => {
      // In the same window for every export of this server: their archives do not tell which keys are made up.
      shelf.add(key, { region: options.regions[0] ?? "", origin: "generated", releasedAt: start });
    };
    const keys = shelf.keysOfWindow(start, end, belongs);
    await tree.append({ ...keys, start, end, supplier: "own", keepGenerated }, now);
    exportedUntil = Math.max(exportedUntil ?? 0, end);
  }

  return {
    async run(now) {
      // The multi-lock on a region that is named twice fails against itself.
      if (has("repeated-region-locks-itself") && new Set(options.regions).size < options.regions.length) return;
      // The second worker leases every window and gives none back; when the leases end it is there again.
      if (has("second-worker-parks-windows") && workers > 1) return;
      for (const window of dueWindows(now)) await exportWindow(window, now);
    },
    endAt: (at) => {
      thru = at;
    },
    setWorkers: (count) => {
      workers = count;
    },
  };
}
