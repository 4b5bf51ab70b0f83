// What must come out of a folder of archives, worked out apart from the import: every key in its last known state.

import type { ArchiveProfile } from "../../archive/archive-types.ts";
import { readIndexText } from "../../archive/index-text.ts";
import { nodeArchiveTools } from "../../archive/node-tools.ts";
import { readArchive } from "../../archive/read-archive.ts";
import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import { type ExposureKey, ReportType } from "../../core/exposure-key.ts";
import { intervalNumber } from "../../core/intervals.ts";
import { releaseTime } from "../../core/release-time.ts";
import { MAX_AGE_SECONDS } from "../../core/validate-key.ts";
import { isBlobName } from "../../platform/blobs/blob-name.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import type { KeyLedger } from "../people/key-ledger.ts";
import { TRUNCATE_WINDOW_SECONDS } from "./longest-way.ts";

/** As the ledger calls the place where they entered the world. */
export const ARCHIVES_PLACE = "second location";

/** How far the clock of another server may be ahead (KS 7.5). */
const SKEW_SECONDS = 2 * HOUR;

export interface FolderImport {
  readonly refused: readonly string[];
  readonly discoveredAt: UnixSeconds;
  readonly profile: ArchiveProfile;
  /** When the archive of that line was imported: a key that still runs then is published only after its end. */
  readonly importedAt: (line: string) => UnixSeconds;
}

/** Enters the keys of every archive but the refused, those aside that no import takes. */
export async function expectFromFolder(ledger: KeyLedger, folder: BlobStore, imported: FolderImport): Promise<void> {
  const { refused, discoveredAt, importedAt, profile } = imported;
  const index = await folder.get("index.txt");
  for (const line of readIndexText(new TextDecoder().decode(index?.bytes))) {
    // Lines that can be no path in the folder were refused by the import as well.
    const blob = refused.includes(line) || !isBlobName(line) ? null : await folder.get(line);
    if (!blob) continue;
    const { content } = await readArchive(blob.bytes, { profile }, nodeArchiveTools);
    const enteredAt = importedAt(line);
    const isInTime = (key: ExposureKey) =>
      key.rollingStart >= intervalNumber(discoveredAt - MAX_AGE_SECONDS) &&
      key.rollingStart <= intervalNumber(enteredAt + SKEW_SECONDS);
    const isNew = (key: ExposureKey) => !ledger.entered.has(key.keyData.toHex());
    const about = {
      at: ARCHIVES_PLACE,
      enteredAt,
      releasedAt: (key: ExposureKey) => releaseTime(key, enteredAt, { truncateWindowSeconds: TRUNCATE_WINDOW_SECONDS }),
    };
    const primaries = [...content.primaries].filter((key) => isInTime(key) && mayBePrimary(key));
    const revised = [...content.revised].filter((key) => isInTime(key) && mayBeRevised(key));
    ledger.enter(primaries.filter(isNew), about);
    ledger.revise(revised, enteredAt);
    ledger.enter(revised.filter(isNew), about);
  }
}

/** A revocation revokes something (KS 7.5). */
function mayBePrimary({ reportType }: ExposureKey): boolean {
  return reportType !== ReportType.revoked;
}

/** A revision says to what it revises (KS 7.5). */
function mayBeRevised({ reportType }: ExposureKey): boolean {
  return reportType === ReportType.confirmed || reportType === ReportType.likely || reportType === ReportType.revoked;
}
