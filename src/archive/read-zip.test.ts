// Reading zips: which forms are accepted, and that everything else is refused with a code.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CraftedEntry, type CraftOptions, craftZip } from "../../test/support/craft-zip.ts";
import { codeOf } from "../core/coded-error.ts";
import { DEFAULT_LIMITS, STRICT_PROFILE } from "./archive-types.ts";
import { nodeArchiveTools } from "./node-tools.ts";
import { readZip } from "./read-zip.ts";

const BIN: CraftedEntry = { name: "export.bin", content: new TextEncoder().encode("content content content") };
const SIG: CraftedEntry = { name: "export.sig", content: new TextEncoder().encode("signature") };
const OTHER: CraftedEntry = { name: "content.sig", content: new TextEncoder().encode("other") };
const LIMITS = { ...DEFAULT_LIMITS, maxExportBytes: 1_000, maxSignatureBytes: 100 };

function read(bytes: Uint8Array, otherEntries: readonly string[] | "any" = []) {
  return readZip(bytes, { ...STRICT_PROFILE, otherEntries }, LIMITS, nodeArchiveTools);
}

async function expectRead(bytes: Uint8Array, otherEntries: readonly string[] | "any" = []): Promise<void> {
  const { exportBin, exportSig } = await read(bytes, otherEntries);
  expect(new Uint8Array(exportBin)).toEqual(BIN.content);
  expect(new Uint8Array(exportSig)).toEqual(SIG.content);
}

async function expectCode(
  bytes: Uint8Array,
  code: string,
  otherEntries: readonly string[] | "any" = [],
): Promise<void> {
  await expect(read(bytes, otherEntries)).rejects.toMatchObject({ code });
}

const COMMENT = new TextEncoder().encode("made by hand");
const STREAMED = { descriptor: "signed" } as const;

describe("accepted zips", () => {
  test.each<[string, CraftedEntry[], CraftOptions?]>([
    ["deflated", [BIN, SIG]],
    ["in the other order", [SIG, BIN]],
    [
      "stored",
      [
        { ...BIN, stored: true },
        { ...SIG, stored: true },
      ],
    ],
    [
      "with data descriptors, as the reference writes them",
      [
        { ...BIN, descriptor: "signed" },
        { ...SIG, descriptor: "signed" },
      ],
    ],
    [
      "with data descriptors without their signature word",
      [
        { ...BIN, descriptor: "bare" },
        { ...SIG, descriptor: "bare" },
      ],
    ],
    ["stored with data descriptors", [{ ...BIN, stored: true, descriptor: "signed" }, SIG]],
    ["with the flag for names in UTF-8", [{ ...BIN, flags: 0x0800 }, SIG]],
    ["with extra fields", [{ ...BIN, extra: Uint8Array.of(0x55, 0x54, 1, 0, 0) }, SIG]],
    ["with extra fields that are padding", [{ ...BIN, extra: Uint8Array.of(0, 0, 0) }, SIG]],
    [
      "as `zip -fd` writes them, with the size in the local header and the rest in the descriptor",
      [BIN, SIG].map((entry) => ({ ...entry, ...STREAMED, localKnows: "size" })),
    ],
    [
      "with data descriptors that repeat the local header",
      [BIN, SIG].map((entry) => ({ ...entry, ...STREAMED, localKnows: "everything" })),
    ],
    ["whose local headers alone announce a descriptor", [{ ...BIN, ...STREAMED, flags: 0, localFlags: 8 }, SIG]],
    ["with hints on the compression in the directory alone", [{ ...BIN, flags: 0x0002, localFlags: 0 }, SIG]],
    ["with a comment", [BIN, SIG], { comment: COMMENT }],
    ["with the longest comment", [BIN, SIG], { comment: new Uint8Array(0xffff) }],
    ["with a comment of an entry", [{ ...BIN, comment: COMMENT }, SIG]],
    ["whose directory has another order", [BIN, SIG], { directoryReversed: true }],
    ["with Zip64 numbers in the local headers", [BIN, SIG].map((entry) => ({ ...entry, wide: true }))],
    [
      "with Zip64 numbers behind another extra field",
      [{ ...BIN, wide: true, wideInDirectory: true, extra: Uint8Array.of(0x55, 0x54, 1, 0, 0) }, SIG],
    ],
    [
      "with Zip64 descriptors",
      [
        { ...BIN, ...STREAMED, wide: true },
        { ...SIG, descriptor: "bare", wide: true },
      ],
    ],
    ["with Zip64 numbers in the directory", [BIN, { ...SIG, wideInDirectory: true }]],
    ["with a Zip64 record at the end", [BIN, SIG], { wideEnd: () => undefined, comment: COMMENT }],
  ])("%s", async (_what, entries, options) => {
    await expectRead(craftZip(entries, options));
  });

  test("with whatever other entries, where any may be there", async () => {
    const folder = { name: "__MACOSX/", content: new Uint8Array(0), stored: true };
    await expectRead(craftZip([OTHER, folder, BIN, { ...SIG }, { ...OTHER, name: "x", method: 99 }]), "any");
  });

  test("with another entry that the profile names, whatever is in it", async () => {
    await expectRead(craftZip([BIN, { ...OTHER, crc: 1 }, SIG]), ["content.sig"]);
  });
});

describe("refused entries", () => {
  test.each<[string, string, CraftedEntry[]]>([
    ["an entry too many", "archive_entry_unexpected", [BIN, SIG, OTHER]],
    ["a folder", "archive_entry_unexpected", [{ name: "x/", content: new Uint8Array(0), stored: true }, BIN, SIG]],
    ["upper case", "archive_entry_unexpected", [{ ...BIN, name: "EXPORT.BIN" }, SIG]],
    ["a sub-folder", "archive_entry_unexpected", [{ ...BIN, name: "x/export.bin" }, SIG]],
    ["an entry that climbs", "archive_entry_unexpected", [{ ...BIN, name: "../export.bin" }, SIG]],
    ["a name with a zero byte", "archive_entry_unexpected", [{ ...BIN, name: "export.bin\0" }, SIG]],
    ["a doubled entry", "archive_entry_doubled", [BIN, SIG, BIN]],
    ["no signature", "archive_entry_missing", [BIN]],
    ["no content", "archive_entry_missing", [SIG]],
    ["nothing", "archive_entry_missing", []],
  ])("%s: %s", async (_what, code, entries) => {
    await expectCode(craftZip(entries), code);
  });

  test("one that the profile names, but twice", async () => {
    await expectCode(craftZip([BIN, OTHER, OTHER, SIG]), "archive_entry_doubled", ["content.sig"]);
  });
});

const HUGE = [0, 0, 0, 0, 0, 0, 0, 0x7f];

describe("refused structure", () => {
  test.each<[string, CraftedEntry[], CraftOptions?]>([
    ["bytes before the first entry", [BIN, SIG], { before: Uint8Array.of(0x50, 0x4b) }],
    [
      "bytes before the first entry that offsets do not count",
      [BIN, SIG],
      { before: Uint8Array.of(0x50, 0x4b), countBefore: false },
    ],
    ["bytes between entries", [BIN, SIG], { between: Uint8Array.of(0) }],
    ["bytes before the directory", [BIN, SIG], { beforeDirectory: Uint8Array.of(0) }],
    ["an entry that the directory does not list", [BIN, SIG], { beforeDirectory: craftZip([OTHER]).subarray(0, 46) }],
    [
      "a comment that holds another end",
      [BIN, SIG],
      { comment: Buffer.concat([Buffer.from("x"), craftZip([]), Buffer.from("x")]) },
    ],
    ["a descriptor that the local header does not announce", [{ ...BIN, ...STREAMED, localFlags: 0 }, SIG]],
    ["a local header that announces a descriptor that is not there", [{ ...BIN, localFlags: 8 }, SIG]],
    ["encryption in the local header alone", [{ ...BIN, localFlags: 1 }, SIG]],
    ["a Zip64 mark without its field", [{ ...BIN, size: 0xffff_ffff }, SIG]],
    [
      "a Zip64 field that is cut off",
      [{ ...BIN, size: 0xffff_ffff, extra: Uint8Array.of(1, 0, 4, 0, 1, 1, 1, 1) }, SIG],
    ],
    [
      "a Zip64 number beyond every file",
      [{ ...BIN, size: 0xffff_ffff, extra: Uint8Array.of(1, 0, 8, 0, ...HUGE) }, SIG],
    ],
    ["a Zip64 record with another directory", [BIN, SIG], { wideEnd: (end) => void end.writeUInt32LE(1, 48) }],
    ["a Zip64 record with another count", [BIN, SIG], { wideEnd: (end) => void end.writeUInt32LE(1, 32) }],
    ["a Zip64 record that is longer", [BIN, SIG], { wideEnd: (end) => void end.writeUInt32LE(45, 4) }],
    ["a locator that points elsewhere", [BIN, SIG], { wideEnd: (_, locator) => void locator.writeUInt32LE(0, 8) }],
    ["another name in the local header", [{ ...BIN, localName: "export.sig" }, SIG]],
    ["encryption", [{ ...BIN, flags: 1 }, SIG]],
    ["strong encryption", [{ ...BIN, flags: 0x41 }, SIG]],
    ["patched data", [{ ...BIN, flags: 0x20 }, SIG]],
    ["an unknown method", [{ ...BIN, method: 12 }, SIG]],
    ["a wrong checksum", [{ ...BIN, crc: 1 }, SIG]],
    ["a declared size that is too small for stored data", [{ ...BIN, stored: true, size: 3 }, SIG]],
    ["a declared size that is too large", [{ ...BIN, size: 500 }, SIG]],
  ])("%s", async (_what, entries, options) => {
    await expectCode(craftZip(entries, options), "archive_zip_damaged");
  });

  test("two entries of the directory that share their bytes", async () => {
    const zip = Buffer.from(craftZip([BIN, { ...BIN, name: "export.sig" }]));
    const second = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    zip.writeUInt32LE(0, second + 42);
    await expectCode(zip, "archive_zip_damaged");
  });

  test("more entries than anybody puts into an archive", async () => {
    const many = Array.from({ length: 99 }, (_, at) => ({ ...OTHER, name: `x${at}` }));
    await expectRead(craftZip([BIN, SIG, ...many.slice(1)]), "any");
    await expectCode(craftZip([BIN, SIG, ...many]), "archive_entry_unexpected", "any");
  });

  test("something behind the end", async () => {
    await expectCode(Buffer.concat([craftZip([BIN, SIG]), Buffer.of(0)]), "archive_zip_damaged");
  });

  test("a zip that is doubled", async () => {
    const zip = craftZip([BIN, SIG]);
    await expectCode(Buffer.concat([zip, zip]), "archive_zip_damaged");
  });

  test("a number of entries that is too small", async () => {
    const zip = craftZip([BIN, SIG]);
    zip[zip.length - 14] = 1;
    zip[zip.length - 12] = 1;
    await expectCode(zip, "archive_zip_damaged");
  });

  test.each(["", "P", "<!doctype html><html></html>"])("what is no zip at all: %j", async (text) => {
    await expectCode(Buffer.from(text), "archive_not_zip");
  });
});

describe("limits", () => {
  const bomb = { name: "export.bin", content: new Uint8Array(1_001) };

  test("a declared size above the limit is refused before anything is inflated", async () => {
    const tools = { ...nodeArchiveTools, inflate: () => Promise.reject(new Error("inflated")) };
    await expect(readZip(craftZip([bomb, SIG]), STRICT_PROFILE, LIMITS, tools)).rejects.toMatchObject({
      code: "archive_inflated_too_large",
    });
  });

  test("a bomb that declares less than it holds stops at what it declares", async () => {
    await expectCode(craftZip([{ ...bomb, size: 10 }, SIG]), "archive_inflate_failed");
  });

  test("a signature file above its own limit is refused", async () => {
    await expectCode(craftZip([BIN, { ...SIG, content: new Uint8Array(101) }]), "archive_inflated_too_large");
  });

  test("bytes behind the compressed stream are refused", async () => {
    const data = Buffer.concat([await nodeArchiveTools.deflate(BIN.content), Buffer.of(0)]);
    await expectCode(craftZip([{ ...BIN, data }, SIG]), "archive_inflate_failed");
  });
});

describe("hostile zips", () => {
  const zip = craftZip([{ ...BIN, descriptor: "signed" }, SIG]);
  const wideZip = craftZip(
    [
      { ...BIN, ...STREAMED, wide: true },
      { ...SIG, wideInDirectory: true },
    ],
    {
      wideEnd: () => undefined,
      comment: COMMENT,
    },
  );

  test.each([
    ["plain", zip],
    ["with Zip64 records", wideZip],
  ])("cut at any byte are refused with a code: %s", async (_what, whole) => {
    for (let length = 0; length < whole.length; length++) {
      await expectCode(whole.subarray(0, length), length < 4 ? "archive_not_zip" : "archive_zip_damaged");
    }
  });

  test.each([
    ["plain", zip],
    ["with Zip64 records", wideZip],
  ])("with any bytes changed give the same content or a coded error: %s", async (_what, whole) => {
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, async (places) => {
        const changed = Uint8Array.from(whole);
        for (const [at, value] of places) changed[at] = value;
        try {
          await expectRead(changed);
        } catch (error) {
          expect(codeOf(error)).toMatch(/^archive_/);
        }
      }),
    );
  });
});
