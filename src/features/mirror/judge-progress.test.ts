// What operators are told of a mirror's lag.

import { describe, expect, test } from "vitest";
import { HOUR } from "../../core/clock.ts";
import { lagSeconds, waitingLines } from "./judge-progress.ts";
import type { MirrorOverview } from "./mirror-types.ts";

describe("a mirror", () => {
  test.each([
    ["that never read its source does not know", { targetPosition: null }, null, null],
    ["that has taken everything is not behind", { targetPosition: 5, listedEnd: 9 * HOUR }, 0, 0],
    ["is as far behind as the newest window listed", { targetPosition: 8, listedEnd: 9 * HOUR }, 3, 2 * HOUR],
    ["whose source names no windows knows only the lines", { targetPosition: 8, listedEnd: null }, 3, null],
    ["that has handed over nothing knows only the lines", { targetPosition: 8, newestTakenEnd: null }, 3, null],
    ["is not ahead of its source", { targetPosition: 8, listedEnd: 6 * HOUR }, 3, 0],
    ["that was led past what was listed has nothing waiting", { targetPosition: 4 }, 0, 0],
  ])("%s", (_, changes, waiting, lag) => {
    const overview = overviewWith(changes);
    expect([waitingLines(overview), lagSeconds(overview)]).toEqual([waiting, lag]);
  });
});

/** At position 5, with the window that ends at the seventh hour handed over. */
function overviewWith(changes: Partial<MirrorOverview>): MirrorOverview {
  return {
    mirror: {
      id: 1,
      supplier: null,
      upstreamId: 1,
      finalLookAt: null,
      endedAt: null,
      givenUp: null,
      listingFormat: "text-index",
      name: "national",
      location: "client",
      method: "reseal",
      indexUrl: "https://nation.example/index.txt",
      baseUrl: "https://nation.example",
      region: "XX",
      maxRecords: 1_000,
      allowPrivateAddresses: false,
      otherEntries: [],
      batchParts: false,
      onsetCodes: false,
      from: 0,
      until: null,
      historyDoneAt: null,
      nextPosition: 5,
      lastOkAt: null,
      lastError: null,
    },
    lastRunAt: null,
    listedAt: null,
    listedEnd: 8 * HOUR,
    targetPosition: 5,
    newestTakenEnd: 7 * HOUR,
    lastTakenAt: null,
    totals: { taken: 4, archives: 1, primaries: 0, revised: 0, leftOut: 0, refused: 0 },
    skippedLines: 0,
    lostArchives: 0,
    trustedKeys: [],
    ...changes,
  };
}
