// Every single change of one byte of an archive, all 255 per byte.

import { expect, test } from "vitest";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { openArchive } from "../../src/archive/open-archive.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { outcomesOfChanges } from "../support/change-bytes.ts";
import { buildSample, makeSigner, sampleKeys } from "../support/sample-archives.ts";

test("every change of one byte is refused, or decodes to the same verified content", async () => {
  const signer = makeSigner();
  const bytes = await buildSample([signer], { primaries: sampleKeys(1), revised: KeyBatch.empty });
  const everyDifference = Array.from({ length: 255 }, (_, index) => index + 1);
  const outcomes = await outcomesOfChanges(bytes, everyDifference, (changed) =>
    openArchive(changed, { trustedKeys: [signer.trustedKey], now: 0 }, nodeArchiveTools),
  );
  // Changes that only a checksum or only the signature notices occur, as do those of fields that nobody reads.
  expect(outcomes).toContain("opened");
  expect(outcomes).toContain("archive_zip_damaged");
  expect(outcomes).toContain("archive_inflate_failed");
});
