// What `enks demo` takes of archives that another server wrote.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeSigner } from "../../../test/support/sample-archives.ts";
import { folderFrom } from "./demo-options.ts";

const folder = mkdtempSync(join(tmpdir(), "enks-demo-options-"));
const trustedKey = join(folder, "key.pem");
writeFileSync(trustedKey, makeSigner().pem);
afterAll(() => rmSync(folder, { recursive: true }));

const GIVEN = { seed: "1", archives: folder, trustedKey, region: "XX", now: "2026-11-23T06:00:00Z" };

test("archives may name no id and no version, and hold further entries", async () => {
  const options = { ...GIVEN, keyId: "", keyVersion: "", otherEntries: ["content.sig"], onsetCodes: true };
  expect(await folderFrom(options)).toMatchObject({
    trustedKey: { keyId: "", keyVersion: "" },
    profile: { otherEntries: ["content.sig"], batchParts: false, onsetCodes: true },
  });
});

test.each([
  ["without the id", { ...GIVEN, keyVersion: "v1" }],
  ["without archives", { seed: "1", otherEntries: ["content.sig"] }],
])("options %s are refused", async (_what, options) => {
  await expect(folderFrom(options)).rejects.toMatchObject({ code: "demo_options_invalid" });
});
