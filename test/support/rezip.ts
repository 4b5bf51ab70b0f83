// Zips an archive again in the ways of other programs; its two entries stay as they are.

import { inflateRawSync } from "node:zlib";
import { readZipEntries } from "../../src/archive/zip-directory.ts";
import { type CraftedEntry, type CraftOptions, craftZip } from "./craft-zip.ts";

/** The entries of the archive, changed one by one. */
export function rezip(
  archive: Uint8Array,
  change: (entry: CraftedEntry) => CraftedEntry,
  options: CraftOptions = {},
): Uint8Array {
  return craftZip(entriesOf(archive).map(change), options);
}

/** With one more entry. */
export function withEntry(archive: Uint8Array, name: string): Uint8Array {
  return craftZip([...entriesOf(archive), { name, content: new TextEncoder().encode("signed elsewhere") }]);
}

function entriesOf(archive: Uint8Array): CraftedEntry[] {
  return readZipEntries(archive, () => undefined).map(({ name, data }) => ({ name, content: inflateRawSync(data) }));
}
