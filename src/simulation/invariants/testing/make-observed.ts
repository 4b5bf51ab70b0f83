// Small observed worlds for the tests of invariants: good ones, from which each test takes or changes something.

import { createHash } from "node:crypto";
import { archiveName } from "../../../archive/archive-name.ts";
import {
  ECDSA_SHA256,
  type P256PublicKey,
  type SignatureInfo,
  type TrustedKey,
} from "../../../archive/archive-types.ts";
import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../../core/clock.ts";
import { UNEVENTFUL } from "../../../device/check-result.ts";
import type { IndexState, KnownPersonKey, Observed, ObservedPhone, ObservedTree } from "../../observe/observed.ts";
import type { ArchiveContent, ObservedArchive } from "../../observe/observed-archive.ts";

const START: UnixSeconds = Date.UTC(2026, 10, 2) / 1_000;

/** So many hours after the beginning of the world. */
export function hour(hours: number): UnixSeconds {
  return START + hours * HOUR;
}

export const SEAL = infoOf("999");
export const OTHER_SEAL = infoOf("998");

export function infoOf(keyId: string, keyVersion = "v1"): SignatureInfo {
  return { keyId, keyVersion, algorithm: ECDSA_SHA256 };
}

/** Trusted from the beginning on; invariants look at the names only. */
export function trustedKey({ keyId, keyVersion }: SignatureInfo, from: UnixSeconds = 0): TrustedKey {
  return {
    keyId: keyId ?? "",
    keyVersion: keyVersion ?? "",
    publicKey: { pem: "" } as P256PublicKey,
    from,
    until: null,
  };
}

const LIKELY = "02";
const CONFIRMED = "01";
const REVOKED = "05";
export const REPORT_TYPES = { likely: LIKELY, confirmed: CONFIRMED, revoked: REVOKED };

/** The record of a key that is named by a word. */
export function recordOf(word: string, type: keyof typeof REPORT_TYPES = "confirmed"): string {
  return `${keyHexOf(word)}00293b0d9002${REPORT_TYPES[type]}64`;
}

export function keyHexOf(word: string): string {
  return createHash("sha256").update(word).digest("hex").slice(0, 32);
}

/** The window of four hours that is the `n`th, published two hours after its end. */
export function lineOf(n: number): string {
  return archiveName(hour(4 * n), hour(4 * n + 4));
}

export function publishedAt(n: number): UnixSeconds {
  return hour(4 * n + 6);
}

/** The archive of the `n`th window, with a made-up key of its own. */
export function archiveOf(
  n: number,
  {
    content,
    ...changes
  }: Partial<Omit<ObservedArchive, "content">> & { content?: Partial<ArchiveContent> | null } = {},
): ObservedArchive {
  const own = {
    start: BigInt(hour(4 * n)),
    end: BigInt(hour(4 * n + 4)),
    region: "XX",
    batchNum: 1,
    batchSize: 1,
    infos: [SEAL],
    signatures: [SEAL],
    primaries: [recordOf(`made up ${n}`)],
    revised: [],
  };
  const line = changes.line ?? lineOf(n);
  return {
    line,
    putAt: publishedAt(n),
    deletedAt: null,
    sha256Hex: digestOf({ n, line, content: content === undefined ? "its own" : content }),
    ...changes,
    content: content === null ? null : { ...own, ...content },
  };
}

function digestOf(what: unknown): string {
  const text = JSON.stringify(what, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
  return createHash("sha256").update(text).digest("hex");
}

export function indexAt(at: UnixSeconds, lines: readonly string[] | string | null, cacheSeconds = 0): IndexState {
  const text = typeof lines === "string" || lines === null ? lines : lines.join("\n");
  return { at, body: text === null ? null : new TextEncoder().encode(text), cacheSeconds };
}

export function linesUpTo(last: number, first = 0): string[] {
  return Array.from({ length: last - first + 1 }, (_, n) => lineOf(first + n));
}

/** Four windows, each published in time, unless the test says otherwise. */
export function makeTree(changes: Partial<ObservedTree> = {}): ObservedTree {
  const name = changes.name ?? "client";
  return {
    name,
    indexUrl: `https://keys.example/${name}/index.txt`,
    baseUrl: `https://keys.example/${name}`,
    role: "client",
    retentionSeconds: 14 * DAY,
    minRecords: 1,
    carries: [{ place: "state", from: hour(0) }],
    mirrors: [],
    indexes: [0, 1, 2, 3].map((n) => indexAt(publishedAt(n), linesUpTo(n))),
    archives: [0, 1, 2, 3].map((n) => archiveOf(n)),
    ...changes,
  };
}

export function makeKey(word: string, changes: Partial<KnownPersonKey> = {}): KnownPersonKey {
  const enteredAt = changes.enteredAt ?? hour(1);
  return {
    keyHex: keyHexOf(word),
    place: "state",
    enteredAt,
    releasedAt: enteredAt,
    states: [{ at: enteredAt, recordHex: recordOf(word), revoked: false }],
    excused: false,
    ...changes,
  };
}

/** Follows the client tree and polls every four hours; it has checked nothing yet. */
export function makePhone(changes: Partial<ObservedPhone> = {}): ObservedPhone {
  return {
    name: "phone",
    kind: "android-lenient",
    follows: [{ from: hour(0), ...placeOf("client"), roaming: [] }],
    trustedKeys: [[trustedKey(SEAL)]],
    pollSeconds: 4 * HOUR,
    away: [],
    expects: [],
    checks: [],
    held: [],
    callsPerDay: 6,
    ...changes,
  };
}

export function placeOf(tree: string) {
  return { indexUrl: `https://keys.example/${tree}/index.txt`, baseUrl: `https://keys.example/${tree}` };
}

export function checkAt(
  at: UnixSeconds,
  changes: Partial<ObservedPhone["checks"][number]["result"]> = {},
): ObservedPhone["checks"][number] {
  return { result: { ...UNEVENTFUL, at, result: "ok", reason: null, ...changes }, memory: null };
}

export function heldKey(recordHex: string, firstSeenAt: UnixSeconds): ObservedPhone["held"][number] {
  const values = {
    keyData: new Uint8Array(16),
    rollingStart: 0,
    rollingPeriod: 144,
    transmissionRisk: null,
    reportType: null,
    daysSinceOnset: null,
  };
  return { keyHex: recordHex.slice(0, 32), values, recordHex, firstSeenAt };
}

/** A day with one client tree, in which nobody entered anything. */
export function makeObserved(changes: Partial<Observed> = {}): Observed {
  const trees = changes.trees ?? [makeTree()];
  const people = new Set(changes.keys?.map(({ keyHex }) => keyHex));
  const records = trees.flatMap(({ archives }) =>
    archives.flatMap(({ content }) => [...(content?.primaries ?? []), ...(content?.revised ?? [])]),
  );
  return {
    startsAt: hour(0),
    endsAt: hour(24),
    phones: [],
    keys: [],
    generated: new Set(records.map((record) => record.slice(0, 32)).filter((keyHex) => !people.has(keyHex))),
    events: [],
    limits: { indexCacheSeconds: 5 * MINUTE, listedWithinSeconds: 7 * HOUR, heldWithinSeconds: 8 * HOUR },
    ...changes,
    trees,
  };
}
