// Archives that other servers wrote, imported, re-exported, mirrored and followed: what phones hold against what their
// writers say is in them. Needs the fixtures, which are no part of this repository; says so where they are not there.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { TrustedKey } from "../../src/archive/archive-types.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { parsePublicKey } from "../../src/archive/parse-public-key.ts";
import { PHONE_KINDS } from "../../src/device/kinds.ts";
import { type FolderOptions, importFolder } from "../../src/simulation/demo/import-folder.ts";
import type { ObservedPhone } from "../../src/simulation/observe/observed.ts";
import { silentNarrator } from "../support/silent-narrator.ts";

const FIXTURES = join(import.meta.dirname, "..", "..", "..", "shared", "fixtures");
const folders = existsSync(FIXTURES)
  ? readdirSync(FIXTURES).filter((name) => existsSync(join(FIXTURES, name, "contents.json")))
  : [];

type KeyTuple = readonly [string, number, number | null, number | null, string | null, number | null];

interface Contents {
  readonly region: string;
  readonly now: string;
  readonly archives: readonly {
    readonly line: string;
    readonly expect?: "complete" | "refused";
    readonly keys?: readonly KeyTuple[];
    readonly revised_keys?: readonly KeyTuple[];
  }[];
}

const OLDEST_START_SECONDS = 15 * 86_400;

/** E without the revoked, as the fixtures define it: key data in hex to its other values in the last known state. */
function expectedKeys(contents: Contents): Map<string, string> {
  const oldest = Math.trunc((Date.parse(contents.now) / 1_000 - OLDEST_START_SECONDS) / 600);
  const last = new Map<string, KeyTuple>();
  for (const archive of contents.archives.filter((one) => one.expect !== "refused")) {
    for (const key of archive.keys ?? []) if (!last.has(key[0])) last.set(key[0], key);
    for (const key of archive.revised_keys ?? []) last.set(key[0], key);
  }
  const expected = new Map<string, string>();
  for (const [base64, start, period, risk, type, onset] of last.values()) {
    const keyData = Buffer.from(base64, "base64");
    if (keyData.length !== 16 || start < oldest || type === "REVOKED") continue;
    expected.set(keyData.toString("hex"), JSON.stringify([start, period ?? 144, risk, type, onset]));
  }
  return expected;
}

const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: "CONFIRMED_TEST",
  2: "CONFIRMED_CLINICAL_DIAGNOSIS",
  3: "SELF_REPORT",
  5: "REVOKED",
};

function heldKeys(phone: ObservedPhone): Map<string, string> {
  return new Map(
    phone.held.map(({ keyHex, values }) => [
      keyHex,
      JSON.stringify([
        values.rollingStart,
        values.rollingPeriod,
        values.transmissionRisk,
        values.reportType === null ? null : TYPE_NAMES[values.reportType],
        values.daysSinceOnset,
      ]),
    ]),
  );
}

/** Some systems do not read report types and onsets; some apps take nothing that was there before them. */
function asReadBy(kindName: string, expected: ReadonlyMap<string, string>): Map<string, string> {
  const kind = PHONE_KINDS.find(({ name }) => name === kindName);
  if (kind?.startsWithLast === 0) return new Map();
  if (kind?.readsReportTypes !== false) return new Map(expected);
  return new Map(
    [...expected].map(([keyHex, values]) => [keyHex, JSON.stringify([...JSON.parse(values).slice(0, 3), null, null])]),
  );
}

function trustedKey(folder: string): TrustedKey {
  const pem = readFileSync(join(FIXTURES, folder, "999-v1.pem"), "utf8");
  return { keyId: "999", keyVersion: "v1", publicKey: parsePublicKey(pem, nodeArchiveTools), from: 0, until: null };
}

describe.skipIf(folders.length === 0)("archives of another server", () => {
  test.each(folders)(
    "%s: phones hold its keys, each in its last state, and nothing else",
    async (folder) => {
      const contents: Contents = JSON.parse(readFileSync(join(FIXTURES, folder, "contents.json"), "utf8"));
      const phones: ObservedPhone[] = [];
      const generated = new Set<string>();
      const options: FolderOptions = {
        seed: 1,
        switchedOff: null,
        narrator: silentNarrator,
        archives: join(FIXTURES, folder),
        trustedKey: trustedKey(folder),
        region: contents.region,
        now: Date.parse(contents.now) / 1_000,
        onClosing: (observed, made) => {
          phones.push(observed);
          for (const keyHex of made) generated.add(keyHex);
        },
      };
      const report = await importFolder(options);

      const refused = contents.archives.filter((archive) => archive.expect === "refused").map(({ line }) => line);
      expect(report.archivesRefusedByImport.map(({ line }) => line).sort((a, b) => a.localeCompare(b))).toEqual(
        refused.sort((a, b) => a.localeCompare(b)),
      );
      expect(report.good).toBe(true);
      expect(new Set(phones.map(({ kind }) => kind))).toEqual(new Set(PHONE_KINDS.map(({ name }) => name)));
      const expected = expectedKeys(contents);
      expect(expected.size).toBeGreaterThan(0);
      for (const phone of phones) {
        const held = heldKeys(phone);
        for (const keyHex of generated) held.delete(keyHex);
        expect(held, phone.name).toEqual(asReadBy(phone.kind, expected));
      }
    },
    60_000,
  );
});

describe.runIf(folders.length === 0)("archives of another server", () => {
  test.skip("the fixtures are not here: nothing of other servers was imported", () => undefined);
});
