// Writing zips, with yauzl as the judge.

import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { fromBufferPromise } from "yauzl";
import { DEFAULT_LIMITS, STRICT_PROFILE } from "./archive-types.ts";
import { nodeArchiveTools } from "./node-tools.ts";
import { readZip } from "./read-zip.ts";
import { writeZip } from "./write-zip.ts";

const ENTRIES = [
  { name: "export.bin", bytes: new TextEncoder().encode("content ".repeat(100)) },
  { name: "export.sig", bytes: new Uint8Array(0) },
];

test("yauzl reads every entry of what we write", async () => {
  const zip = await fromBufferPromise(Buffer.from(await writeZip(ENTRIES, nodeArchiveTools)), {
    strictFileNames: true,
  });
  const read: { name: string; bytes: Uint8Array }[] = [];
  for await (const entry of zip.eachEntry()) {
    const bytes = new Uint8Array(await buffer(await zip.openReadStreamPromise(entry)));
    read.push({ name: entry.fileName, bytes });
    const local = await zip.readLocalFileHeaderPromise(entry);
    expect(local).toMatchObject({ uncompressedSize: bytes.length, crc32: entry.crc32, generalPurposeBitFlag: 0 });
    expect(entry).toMatchObject({ lastModFileDate: 0, lastModFileTime: 0, extraFieldLength: 0 });
  }
  expect(read).toEqual(ENTRIES);
});

test("our own reader takes what we write", async () => {
  const { exportBin, exportSig } = await readZip(
    await writeZip(ENTRIES, nodeArchiveTools),
    STRICT_PROFILE,
    DEFAULT_LIMITS,
    nodeArchiveTools,
  );
  expect([new Uint8Array(exportBin), new Uint8Array(exportSig)]).toEqual(ENTRIES.map(({ bytes }) => bytes));
});

test("equal entries give equal bytes", async () => {
  expect(await writeZip(ENTRIES, nodeArchiveTools)).toEqual(await writeZip(ENTRIES, nodeArchiveTools));
});
