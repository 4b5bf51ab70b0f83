// Archives as the servers of other countries were seen to write them, each odd in one way; docs/migrate/foreign-archives.md has the table.

import type { ArchiveProfile } from "../../src/archive/archive-types.ts";
import { EXPORT_HEADER, ExportField, KeyField } from "../../src/archive/export-fields.ts";
import { WireWriter } from "../../src/archive/wire-writer.ts";
import type { KeyRefusal } from "../../src/core/exposure-key.ts";
import { type CraftedEntry, type CraftOptions, craftZip } from "./craft-zip.ts";
import { SAMPLE_WINDOW, type SampleSigner } from "./sample-archives.ts";

/** What is done about it: nothing has to be, a setting of source and mirror, or nothing can be. */
export type FieldOutcome =
  | { readonly kind: "read" }
  | { readonly kind: "setting"; readonly flag: string; readonly code: string; readonly settings: FieldSettings }
  | { readonly kind: "key-refused"; readonly reason: KeyRefusal }
  | { readonly kind: "refused"; readonly code: string };

export interface FieldSettings extends Partial<ArchiveProfile> {
  /** Of sources; mirrors do not ask for regions. */
  readonly headerRegions?: readonly string[];
  /** The name under which the signer is trusted. */
  readonly keyId?: string;
  readonly keyVersion?: string;
}

export interface FieldArchive {
  /** As the table calls it. */
  readonly seen: string;
  readonly outcome: FieldOutcome;
  /** Key data in hex of the keys that are read, each once. */
  readonly keys: readonly string[];
  make(signer: SampleSigner): Promise<Uint8Array>;
}

interface RawKey {
  readonly keyData: Uint8Array;
  readonly rollingStart: number;
  readonly rollingPeriod?: number;
  readonly risk?: number;
  readonly reportType?: number;
  readonly onset?: number;
}

interface Content {
  readonly start?: number;
  readonly end?: number;
  readonly region?: string | null;
  readonly batch?: readonly [number, number];
  readonly keys: readonly RawKey[];
}

interface Signing {
  readonly keyId?: string | null;
  readonly keyVersion?: string | null;
  readonly algorithm?: string;
  /** Of the app, in fields that the format has dropped. */
  readonly bundleId?: string;
  readonly signatures?: number;
}

interface Zipping {
  readonly entry?: Partial<CraftedEntry>;
  readonly others?: readonly CraftedEntry[];
  readonly options?: CraftOptions;
  readonly reversed?: true;
}

type Changes = Partial<Content> & Signing & Zipping;

const READ: FieldOutcome = { kind: "read" };
const refused = (code: string): FieldOutcome => ({ kind: "refused", code });
const keyRefused = (reason: KeyRefusal): FieldOutcome => ({ kind: "key-refused", reason });
const setting = (flag: string, code: string, settings: FieldSettings): FieldOutcome => ({
  kind: "setting",
  flag,
  code,
  settings,
});

const text = (content: string) => new TextEncoder().encode(content);
const DAY_START = 2_991_600;
let made = 0;

function rawKey(changes: Partial<RawKey> = {}): RawKey {
  const keyData = new Uint8Array(16).fill(0x5a);
  new DataView(keyData.buffer).setUint32(0, ++made);
  return { keyData, rollingStart: DAY_START - 144, rollingPeriod: 144, risk: 3, reportType: 1, onset: 2, ...changes };
}

/** With two keys that are right unless it says otherwise. */
function field(seen: string, outcome: FieldOutcome, changes: Changes = {}): FieldArchive {
  const keys = changes.keys ?? [rawKey(), rawKey()];
  const odd = outcome.kind === "key-refused" ? keys.slice(1) : keys;
  return {
    seen,
    outcome,
    keys: [...new Set(odd.map(({ keyData }) => keyData.toHex()))],
    make: (signer) => makeArchive(signer, { ...changes, keys }),
  };
}

async function makeArchive(signer: SampleSigner, changes: Changes & Content): Promise<Uint8Array> {
  const exportBin = writeExport(changes, signer, changes);
  const count = changes.signatures ?? 1;
  const signatures = await Promise.all(
    Array.from({ length: count }, async () => writeSignature(signer, changes, await signer.signer.sign(exportBin))),
  );
  const list = new WireWriter(512);
  for (const signature of signatures) list.bytesField(1, signature);
  const entries = [
    { name: "export.bin", content: exportBin, ...changes.entry },
    { name: "export.sig", content: list.finish(), ...changes.entry },
  ];
  return craftZip(
    [...(changes.reversed === true ? entries.toReversed() : entries), ...(changes.others ?? [])],
    changes.options,
  );
}

function writeExport(content: Content, signer: SampleSigner, signing: Signing): Uint8Array {
  const { start = SAMPLE_WINDOW.start, end = SAMPLE_WINDOW.end, region = "XX", batch = [1, 1], keys } = content;
  const writer = new WireWriter(1_024);
  writer.raw(EXPORT_HEADER);
  writer.fixed64Field(ExportField.start, start);
  writer.fixed64Field(ExportField.end, end);
  if (region !== null) writer.textField(ExportField.region, region);
  writer.varintField(ExportField.batchNum, batch[0]);
  writer.varintField(ExportField.batchSize, batch[1]);
  writer.bytesField(ExportField.signatureInfos, writeInfo(signer, signing));
  for (const key of keys) writer.bytesField(ExportField.keys, writeKey(key));
  return writer.finish();
}

function writeKey({ keyData, rollingStart, rollingPeriod, risk, reportType, onset }: RawKey): Uint8Array {
  const writer = new WireWriter(64);
  writer.bytesField(KeyField.keyData, keyData);
  if (risk !== undefined) writer.varintField(KeyField.transmissionRisk, risk);
  writer.varintField(KeyField.rollingStart, rollingStart);
  if (rollingPeriod !== undefined) writer.varintField(KeyField.rollingPeriod, rollingPeriod);
  if (reportType !== undefined) writer.varintField(KeyField.reportType, reportType);
  if (onset !== undefined) writer.sint32Field(KeyField.daysSinceOnset, onset);
  return writer.finish();
}

function writeInfo({ trustedKey }: SampleSigner, signing: Signing): Uint8Array {
  const { keyId = trustedKey.keyId, keyVersion = trustedKey.keyVersion, bundleId } = signing;
  const writer = new WireWriter(128);
  if (bundleId !== undefined) for (const dropped of [1, 2]) writer.textField(dropped, bundleId);
  if (keyVersion !== null) writer.textField(3, keyVersion);
  if (keyId !== null) writer.textField(4, keyId);
  writer.textField(5, signing.algorithm ?? "1.2.840.10045.4.3.2");
  return writer.finish();
}

function writeSignature(signer: SampleSigner, signing: Signing, signature: Uint8Array): Uint8Array {
  const writer = new WireWriter(256);
  writer.bytesField(1, writeInfo(signer, signing));
  writer.varintField(2, 1);
  writer.varintField(3, 1);
  writer.bytesField(4, signature);
  return writer.finish();
}

const twice = rawKey();

/** In the order of the table. */
export const FIELD_ARCHIVES: readonly FieldArchive[] = [
  field("data descriptors behind the entries", READ, { entry: { descriptor: "signed" } }),
  field("the size in the local header, all else in the descriptor (`zip -fd`)", READ, {
    entry: { descriptor: "signed", localKnows: "size" },
  }),
  field("Zip64 numbers in a small file", READ, {
    entry: { descriptor: "signed", wide: true, wideInDirectory: true },
    options: { wideEnd: () => undefined },
  }),
  field("extra fields (times, owners)", READ, { entry: { extra: Uint8Array.of(0x55, 0x54, 5, 0, 1, 0, 0, 0, 0) } }),
  field("comments of entries and of the zip", READ, { entry: { comment: text("x") }, options: { comment: text("x") } }),
  field("entries that are not compressed", READ, { entry: { stored: true } }),
  field("export.sig before export.bin", READ, { reversed: true }),
  field("a directory in another order than the entries", READ, { options: { directoryReversed: true } }),
  field(
    "a third entry, such as content.sig",
    setting("--other-entries content.sig", "archive_entry_unexpected", {
      otherEntries: ["content.sig"],
    }),
    { others: [{ name: "content.sig", content: text("CMS") }] },
  ),
  field("bytes before the first entry", refused("archive_zip_damaged"), { options: { before: text("PK..") } }),
  field("encryption, or another compression than DEFLATE", refused("archive_zip_damaged"), { entry: { method: 93 } }),
  field("a signer without a version", setting('--key-version ""', "archive_untrusted", { keyVersion: "" }), {
    keyVersion: null,
  }),
  field("a signer without an id", setting('--key-id ""', "archive_untrusted", { keyId: "" }), { keyId: "" }),
  field(
    "a signer without either",
    setting('--key-id "" --key-version ""', "archive_untrusted", {
      keyId: "",
      keyVersion: "",
    }),
    { keyId: null, keyVersion: null },
  ),
  field("the app's bundle id and package in the signer", READ, { bundleId: "org.example.app" }),
  field("several signatures", READ, { signatures: 3 }),
  field("the algorithm by a name: ecdsa-with-SHA256", READ, { algorithm: "ecdsa-with-SHA256" }),
  field("the algorithm by a name: ECDSA p-256 SHA-256", READ, { algorithm: "ECDSA p-256 SHA-256" }),
  field("another algorithm", refused("archive_algorithm_unsupported"), { algorithm: "1.2.840.10045.4.3.4" }),
  field("no signature", refused("archive_unsigned"), { signatures: 0 }),
  field("no region", setting('--header-regions ""', "archive_region_not_allowed", { headerRegions: [""] }), {
    region: null,
  }),
  field("a region in lower case", READ, { region: "xx" }),
  field(
    "a mobile country code, or a union, for a region",
    setting("--header-regions 222", "archive_region_not_allowed", {
      headerRegions: ["222"],
    }),
    { region: "222" },
  ),
  field(
    "one part of several (batch 2 of 7)",
    setting("--batch-parts", "archive_batch_incomplete", { batchParts: true }),
    {
      batch: [2, 7],
    },
  ),
  field("no keys at all", READ, { keys: [] }),
  field("a key twice", READ, { keys: [twice, rawKey(), twice] }),
  field("keys in any order", READ, { keys: [rawKey(), rawKey(), rawKey()].toReversed() }),
  field("starts beside midnight, periods from 1 to 144", READ, {
    keys: [rawKey({ rollingStart: DAY_START - 77, rollingPeriod: 1 }), rawKey({ rollingPeriod: 77 })],
  }),
  field("keys without report type, onset or risk", READ, {
    keys: [{ keyData: rawKey().keyData, rollingStart: DAY_START - 144 }],
  }),
  field("a window that is none, or about the keys", READ, { start: SAMPLE_WINDOW.end, end: SAMPLE_WINDOW.start }),
  field("a period of 0", keyRefused("rolling_period_range"), { keys: [rawKey({ rollingPeriod: 0 }), rawKey()] }),
  field("report type 4 (recursive)", keyRefused("report_type_unknown"), {
    keys: [rawKey({ reportType: 4 }), rawKey()],
  }),
  field("a risk beyond 8, such as 2,147,483,647 for unset", keyRefused("transmission_risk_range"), {
    keys: [rawKey({ risk: 0x7fff_ffff }), rawKey()],
  }),
  field(
    "days since onset in the codes of the European gateway",
    setting("--onset-codes", "onset_range", {
      onsetCodes: true,
    }),
    { keys: [rawKey({ onset: 2_998 }), rawKey({ onset: 110 })] },
  ),
];
