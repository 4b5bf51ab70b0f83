// Reading what goes into the next archive of a window: as many keys as one archive holds, from where the last ended.

import { type KeyBatch, KeyBatchBuilder } from "../../core/key-batch.ts";
import { releaseBytes } from "../../core/release-bytes.ts";
import type { Db } from "../../platform/database/database.ts";
import type { ClosedEnd } from "../exposures/close-windows.ts";
import { readPagesByIndex, readReleasedPage, readRevisedPage } from "../exposures/page-queries.ts";
import type { ExportConfig, OpenWindow } from "./export-types.ts";

export interface ArchivePart {
  readonly primaries: KeyBatch;
  readonly revised: KeyBatch;
  /** Where the next part begins; null when this one was the last of the window. */
  readonly next: OpenWindow | null;
}

const PAGE = 50_000;

/**
 * Keys released in the window come first, then those revised in it. A key goes out with the values in force now: one
 * that was revised before its first publication once with its final values, one that was revoked only as a revised key.
 * In a transaction the pages are read by their index, whatever the size of the table.
 */
export async function readPart(
  db: Db,
  config: ExportConfig,
  window: { readonly start: number; readonly end: ClosedEnd },
): Promise<ArchivePart> {
  await readPagesByIndex(db);
  const primaries = new KeyBatchBuilder();
  const revised = new KeyBatchBuilder();
  let { list, after } = config.openWindow ?? { list: "released" as const, after: null };
  for (;;) {
    const room = config.maxRecords - primaries.length - revised.length;
    if (room === 0) {
      return { primaries: primaries.build(), revised: revised.build(), next: { end: window.end, list, after } };
    }
    const request = { ...window, filter: config.filter, after, limit: Math.min(PAGE, room) };
    const page = await (list === "released" ? readReleasedPage(db, request) : readRevisedPage(db, request));
    (list === "released" ? primaries : revised).addAll(page.valid);
    revised.addAll(page.revoked);
    for (const { bytes } of [page.valid, page.revoked]) releaseBytes(bytes);
    after = page.next;
    if (page.next) continue;
    if (list === "revised") return { primaries: primaries.build(), revised: revised.build(), next: null };
    list = "revised";
  }
}
