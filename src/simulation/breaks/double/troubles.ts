// What goes wrong between the servers of every double world; a correct server gets over all of it.

import { writeZip } from "../../../archive/write-zip.ts";
import { HOUR, MINUTE } from "../../../core/clock.ts";
import type { DeviceResponse } from "../../../device/download.ts";
import { doubleTools } from "./double-tools.ts";
import { T } from "./timeline.ts";
import type { Trouble } from "./troubled-fetch.ts";

const UNAVAILABLE: DeviceResponse = { status: 503, bytes: new Uint8Array(0) };
const EMPTY: DeviceResponse = { status: 200, bytes: new Uint8Array(0) };
const ERROR_PAGE: DeviceResponse = {
  status: 404,
  bytes: new TextEncoder().encode("<html>\n<p>Not found</p>\n</html>\n"),
};
/** Stands for an answer without end. */
const ENDLESS: DeviceResponse = { status: 200, bytes: new Uint8Array(300_000) };

/** An archive is away for eight hours, in which the next one comes; and the index is empty once. */
export const MIRROR_TROUBLES: readonly Trouble[] = [
  { from: T.mirrorTroubles, until: T.mirrorTroubles + 8 * HOUR, on: "archive", answer: UNAVAILABLE },
  { from: T.mirrorTroubles + 12 * HOUR, until: T.mirrorTroubles + 13 * HOUR, on: "index", answer: EMPTY },
];

/** One archive is away for four hours, in which the index is an error page and then empty; later two come as others. */
export async function importTroubles(): Promise<readonly Trouble[]> {
  const from = T.importTroubles;
  const tinyEntries = ["export.bin", "export.sig"].map((name) => ({ name, bytes: Uint8Array.of(1, 2, 3) }));
  const short = { status: 200, bytes: await writeZip(tinyEntries, doubleTools) };
  return [
    { from, until: from + 4 * HOUR, on: "archive", answer: UNAVAILABLE },
    { from: from + 2 * HOUR, until: from + 3 * HOUR - MINUTE, on: "index", answer: ERROR_PAGE },
    { from: from + 3 * HOUR, until: from + 4 * HOUR - MINUTE, on: "index", answer: EMPTY },
    { from: from + 6 * HOUR, until: from + 8 * HOUR, on: "archive", answer: ENDLESS },
    { from: from + 12 * HOUR, until: from + 14 * HOUR, on: "archive", answer: short },
  ];
}

export const IMPORTER_DIES_AT = T.importTroubles + 18 * HOUR;
export const IMPORTER_IS_CUT_AT = T.importTroubles + 24 * HOUR;
