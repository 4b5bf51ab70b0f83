// The order of keys in an archive, and how small it makes the archive.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  anyExposureKey,
  anyKeyBatch,
  keysOfPeople,
  makeSigner,
  SAMPLE_WINDOW,
} from "../../test/support/sample-archives.ts";
import { KeyBatch } from "../core/key-batch.ts";
import { buildArchive } from "./build-archive.ts";
import { nodeArchiveTools } from "./node-tools.ts";
import { orderKeys } from "./order-keys.ts";

/** Metadata before key data, as hex: comparing these texts is comparing the records. */
function sortTexts(batch: KeyBatch): string[] {
  return Array.from({ length: batch.length }, (_, index) => {
    const record = Buffer.from(batch.record(index));
    return record.toString("hex", 16) + record.toString("hex", 0, 16);
  });
}

describe("the order of keys", () => {
  test("is by metadata and then by key bytes, and no key comes or goes", () => {
    fc.assert(
      fc.property(anyKeyBatch, (batch) => {
        expect(sortTexts(orderKeys(batch))).toEqual(sortTexts(batch).sort());
      }),
    );
  });

  test("depends on the set alone, not on who came first", () => {
    const shuffles = fc
      .array(anyExposureKey, { maxLength: 12 })
      .chain((keys) => fc.tuple(fc.constant(keys), fc.shuffledSubarray(keys, { minLength: keys.length })));
    fc.assert(
      fc.property(shuffles, ([keys, shuffled]) => {
        expect(orderKeys(KeyBatch.from(shuffled)).bytes).toEqual(orderKeys(KeyBatch.from(keys)).bytes);
      }),
    );
  });

  test("lets 280,000 keys of 20,000 people take at most 17.7 bytes each", async () => {
    const primaries = keysOfPeople(20_000);
    expect(primaries.length).toBe(280_000);
    const signers = [makeSigner().signer];
    const { bytes } = await buildArchive(
      { ...SAMPLE_WINDOW, primaries, revised: KeyBatch.empty, signers },
      nodeArchiveTools,
    );
    expect(bytes.length / primaries.length).toBeLessThanOrEqual(17.7);
  });
});
