// What must come out of a folder of archives, worked out apart from the import: every key in its last known state.

import { readIndexText } from "../../archive/index-text.ts";
import { nodeArchiveTools } from "../../archive/node-tools.ts";
import { readArchive } from "../../archive/read-archive.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import type { ExposureKey } from "../../core/exposure-key.ts";
import { intervalNumber } from "../../core/intervals.ts";
import { MAX_AGE_SECONDS } from "../../core/validate-key.ts";
import { isBlobName } from "../../platform/blobs/blob-name.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import type { KeyLedger } from "../people/key-ledger.ts";

/** As the ledger calls the place where they entered the world. */
export const ARCHIVES_PLACE = "second location";

/** Enters the keys of every archive but the refused, those that began more than fifteen days ago aside. */
export async function expectFromFolder(
  ledger: KeyLedger,
  folder: BlobStore,
  { refused, discoveredAt }: { readonly refused: readonly string[]; readonly discoveredAt: UnixSeconds },
): Promise<void> {
  const oldest = intervalNumber(discoveredAt - MAX_AGE_SECONDS);
  const isYoung = (key: ExposureKey) => key.rollingStart >= oldest;
  const about = { at: ARCHIVES_PLACE, enteredAt: discoveredAt, releasedAt: () => discoveredAt };
  const index = await folder.get("index.txt");
  for (const line of readIndexText(new TextDecoder().decode(index?.bytes))) {
    // Lines that can be no path in the folder were refused by the import as well.
    const blob = refused.includes(line) || !isBlobName(line) ? null : await folder.get(line);
    if (!blob) continue;
    const { content } = await readArchive(blob.bytes, {}, nodeArchiveTools);
    const isNew = (key: ExposureKey) => isYoung(key) && !ledger.entered.has(key.keyData.toHex());
    ledger.enter([...content.primaries].filter(isNew), about);
    ledger.revise([...content.revised].filter(isYoung), discoveredAt);
    ledger.enter([...content.revised].filter(isNew), about);
  }
}
