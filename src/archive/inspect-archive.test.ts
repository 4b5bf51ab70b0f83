// Inspecting archives that are damaged: what can be read is shown, what cannot has a code, and nothing else is thrown.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rezip, withEntry } from "../../test/support/rezip.ts";
import { buildSample, makeSigner } from "../../test/support/sample-archives.ts";
import { codeOf } from "../core/coded-error.ts";
import { KeyBatch } from "../core/key-batch.ts";
import { inspectArchive } from "./inspect-archive.ts";
import { nodeArchiveTools } from "./node-tools.ts";

const SIGNER = makeSigner();
const GOOD = await buildSample([SIGNER], { revised: KeyBatch.empty });

const inspect = (bytes: Uint8Array) => inspectArchive(bytes, nodeArchiveTools);

describe("inspecting", () => {
  test("a good archive finds nothing unusual", async () => {
    const { content, signatures, unusual } = await inspect(GOOD);
    expect([content.primaries.length, signatures.length, unusual]).toEqual([4, 1, []]);
  });

  test.each([
    ["a wrong checksum of export.bin", "export.bin", { crc: 1 }, ["archive_zip_damaged", "export.bin"]],
    ["a wrong checksum of export.sig", "export.sig", { crc: 1 }, ["archive_zip_damaged", "export.sig"]],
    ["no export.sig", "export.sig", { name: "other.sig" }, ["archive_entry_missing", "export.sig"]],
    [
      "an export.sig that cannot be decoded",
      "export.sig",
      { content: Uint8Array.of(0x0a, 9) },
      ["archive_signature_list_damaged", "export.sig"],
    ],
    ["an empty export.sig", "export.sig", { content: new Uint8Array(0) }, ["archive_unsigned", ""]],
  ])("shows the keys beside %s", async (_what, name, change, [oddity, detail]) => {
    const damaged = rezip(GOOD, (entry) => (entry.name === name ? { ...entry, ...change } : entry));
    const { content, unusual } = await inspect(damaged);
    expect(content.primaries.length).toBe(4);
    expect(unusual).toContainEqual({ oddity, detail });
  });

  test("an archive with an entry twice says so, and shows the first", async () => {
    const { unusual } = await inspect(withEntry(GOOD, "export.bin"));
    expect(unusual).toEqual([{ oddity: "archive_entry_doubled", detail: "export.bin" }]);
  });

  test.each([
    ["no export.bin", { name: "x" }, "archive_entry_missing"],
    ["another beginning", { content: new TextEncoder().encode("EK Export v2    ") }, "archive_header_invalid"],
    ["a bomb", { size: 0x7000_0000 }, "archive_inflated_too_large"],
    ["an unknown compression", { method: 12 }, "archive_zip_damaged"],
  ])("an archive with %s cannot be read", async (_what, change, code) => {
    const damaged = rezip(GOOD, (entry) => (entry.name === "export.bin" ? { ...entry, ...change } : entry));
    await expect(inspect(damaged)).rejects.toMatchObject({ code });
  });

  test("whatever is changed ends with what can be read, or with a code", async () => {
    const changes = fc.array(fc.tuple(fc.nat(GOOD.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, async (places) => {
        const changed = Uint8Array.from(GOOD);
        for (const [at, value] of places) changed[at] = value;
        await inspect(changed).catch((error: unknown) => expect(codeOf(error)).toMatch(/^archive_/));
      }),
    );
  });
});
