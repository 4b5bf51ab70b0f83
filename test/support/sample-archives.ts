// Signers, trusted keys, exposure keys and archives for tests and benchmarks of the archive format.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import * as fc from "fast-check";
import type { ArchiveSigner, TrustedKey } from "../../src/archive/archive-types.ts";
import { type ArchiveInput, buildArchive } from "../../src/archive/build-archive.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { parsePublicKey } from "../../src/archive/parse-public-key.ts";
import type { ExposureKey } from "../../src/core/exposure-key.ts";
import { KeyBatch, KeyBatchBuilder } from "../../src/core/key-batch.ts";
import { signBytes } from "../../src/platform/keys/sign-bytes.ts";

/** Four hours of 2026-11-20. */
export const SAMPLE_WINDOW = { start: 1_795_132_800, end: 1_795_147_200, region: "XX" } as const;

export interface SampleSigner {
  readonly signer: ArchiveSigner;
  /** Always valid unless `validity` said otherwise. */
  readonly trustedKey: TrustedKey;
  readonly pem: string;
}

/** A new signing key under a name, and the trusted key that belongs to it. */
export function makeSigner(
  keyId = "999",
  keyVersion = "v1",
  validity: Partial<Pick<TrustedKey, "from" | "until">> = {},
): SampleSigner {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const parsed = parsePublicKey(pem, nodeArchiveTools);
  return {
    signer: { keyId, keyVersion, sign: (bytes) => signBytes(privateKey, bytes) },
    trustedKey: { keyId, keyVersion, publicKey: parsed, from: 0, until: null, ...validity },
    pem,
  };
}

/** `count` keys of the window's day, all values given. */
export function sampleKeys(count: number): KeyBatch {
  return KeyBatch.from(Array.from({ length: count }, (_, index) => sampleKey(index)));
}

function sampleKey(index: number): ExposureKey {
  return {
    keyData: Uint8Array.from({ length: 16 }, (_, byte) => (index * 7 + byte * 31) % 256),
    rollingStart: 2_991_600 - 144 * (index % 3),
    rollingPeriod: index % 5 === 0 ? 37 : 144,
    transmissionRisk: index % 4,
    reportType: index % 2 === 0 ? 1 : 2,
    daysSinceOnset: (index % 7) - 3,
  };
}

/** A small archive: four primaries and two revised keys, unless `changes` say otherwise. */
export function buildSample(
  signers: readonly SampleSigner[],
  changes: Partial<ArchiveInput> = {},
): Promise<Uint8Array> {
  const input = { ...SAMPLE_WINDOW, primaries: sampleKeys(4), revised: sampleKeys(2), ...changes };
  return buildArchive({ ...input, signers: signers.map(({ signer }) => signer) }, nodeArchiveTools).then(
    ({ bytes }) => bytes,
  );
}

const KEYS_PER_PERSON = 14;

/**
 * What an outbreak looks like to DEFLATE: each person has one day of onset, one report type and keys of consecutive
 * days, of which the newest alone is partial. In the order of upload: person by person.
 */
export function keysOfPeople(people: number): KeyBatch {
  const builder = new KeyBatchBuilder();
  const uploadDay = 20_777;
  for (let person = 0; person < people; person++) {
    const reportType = ([1, 1, 2, 3] as const)[person % 4] ?? 1;
    const daysFromOnsetToUpload = (person * 5) % 14;
    const keyBytes = randomBytes(16 * KEYS_PER_PERSON);
    for (let age = 0; age < KEYS_PER_PERSON; age++) {
      builder.add({
        keyData: keyBytes.subarray(age * 16, age * 16 + 16),
        rollingStart: (uploadDay - age) * 144,
        rollingPeriod: age === 0 ? 1 + ((person * 13) % 143) : 144,
        transmissionRisk: 0,
        reportType,
        daysSinceOnset: daysFromOnsetToUpload - age,
      });
    }
  }
  return builder.build();
}

/** Every well-formed exposure key, absent values included. */
export const anyExposureKey: fc.Arbitrary<ExposureKey> = fc.record({
  keyData: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  rollingStart: fc.integer({ min: 0, max: 0x7fff_ffff }),
  rollingPeriod: fc.integer({ min: 1, max: 144 }),
  transmissionRisk: fc.option(fc.integer({ min: 0, max: 8 })),
  reportType: fc.option(fc.constantFrom(1, 2, 3, 5)),
  daysSinceOnset: fc.option(fc.integer({ min: -14, max: 14 })),
});

export const anyKeyBatch: fc.Arbitrary<KeyBatch> = fc
  .array(anyExposureKey, { maxLength: 20 })
  .map((keys) => KeyBatch.from(keys));
