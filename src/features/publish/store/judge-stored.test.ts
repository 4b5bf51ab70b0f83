// What an upload may do with stored keys, case by case; the attacker who re-uploads strangers' keys among them.

import { describe, expect, test } from "vitest";
import { type ExposureKey, ReportType } from "../../../core/exposure-key.ts";
import type { OpenedToken } from "../../revision/revision-types.ts";
import type { TokenEntry } from "../../revision/token-form.ts";
import type { PreparedUpload } from "../publish-types.ts";
import { judgeStored, type StoredUploadKey } from "./judge-stored.ts";

const NOW = 1_795_000_000;
const START = 2_991_600;

function key(number: number, reportType: ReportType | null = ReportType.confirmed): ExposureKey {
  return {
    keyData: new Uint8Array(16).fill(number),
    rollingStart: START,
    rollingPeriod: 144,
    transmissionRisk: 2,
    reportType,
    daysSinceOnset: 0,
  };
}

function stored(changes: Partial<StoredUploadKey> = {}): StoredUploadKey {
  const { rollingStart, rollingPeriod, transmissionRisk, daysSinceOnset } = key(0);
  const values = { transmissionRisk, daysSinceOnset, reportType: ReportType.likely };
  return { rollingStart, rollingPeriod, ...values, revision: null, originKind: "upload", sourceId: null, ...changes };
}

function entry(number: number, sourceId: number | null = null): TokenEntry {
  return { ...key(number), sourceId };
}

function token(numbers: readonly number[], sourceId: number | null = null): OpenedToken {
  return { entries: numbers.map((number) => entry(number, sourceId)) };
}

function upload(exposureKeys: readonly ExposureKey[], changes: Partial<PreparedUpload> = {}): PreparedUpload {
  return {
    regions: ["US"],
    traveler: false,
    now: NOW,
    exposureKeys,
    certificate: null,
    token: null,
    tokenState: changes.token ? "opened" : "absent",
    needsToken: true,
    platform: "unknown",
    onsetDays: null,
    seal: () => "",
    ...changes,
  };
}

const nothing = new Set<string>();
const hex = (number: number) => new Uint8Array(16).fill(number).toHex();
const at = (number: number, existing: StoredUploadKey) => new Map([[hex(number), existing]]);

describe("new keys", () => {
  test("are inserted and may be revised", () => {
    const verdict = judgeStored(upload([key(1), key(2)]), new Map(), nothing);
    expect(verdict).toMatchObject({ kind: "accepted", inserts: [0, 1], revisions: [], entries: [entry(1), entry(2)] });
  });

  test("are not stored to be withdrawn, and nobody gets a right to them (KS P13)", () => {
    const verdict = judgeStored(upload([key(1, ReportType.revoked)]), new Map(), nothing);
    expect(verdict).toEqual({ kind: "accepted", inserts: [], revisions: [], withdrawnUnknown: 1, entries: [] });
  });

  test("sent twice in one upload are stored once, the last one, and may be revised as stored", () => {
    const last = { ...key(1), rollingPeriod: 100 };
    expect(judgeStored(upload([key(1), last]), new Map(), nothing)).toMatchObject({
      inserts: [1],
      entries: [{ rollingPeriod: 100 }],
    });
  });
});

describe("an identical upload again (KS P1)", () => {
  const existing = stored({ reportType: ReportType.confirmed });

  test("succeeds without its token and gets none", () => {
    const verdict = judgeStored(upload([key(1)]), at(1, existing), nothing);
    expect(verdict).toMatchObject({ kind: "accepted", inserts: [], revisions: [], entries: [] });
  });

  test("gets the right to revise under the certificate of the first upload only", () => {
    const verdict = judgeStored(upload([key(1)]), at(1, existing), new Set([hex(1)]));
    expect(verdict).toMatchObject({ kind: "accepted", entries: [entry(1)] });
  });

  test("stores what is new in it", () => {
    expect(judgeStored(upload([key(1), key(2)]), at(1, existing), nothing)).toMatchObject({
      inserts: [1],
      entries: [entry(2)],
    });
  });
});

describe("a change of a stored upload", () => {
  test("is made with the token that holds the key", () => {
    const verdict = judgeStored(upload([key(1)], { token: token([1]) }), at(1, stored()), nothing);
    expect(verdict).toMatchObject({ kind: "accepted", revisions: [0] });
  });

  test.each([
    ["without a token", {}, "missing_revision_token"],
    ["with one that cannot be read", { tokenState: "unreadable" as const }, "invalid_revision_token"],
    ["with a token for other keys", { token: token([2]) }, "invalid_revision_token"],
    ["with a token of another server", { token: token([1], 7) }, "invalid_revision_token"],
  ])("is refused %s", (_how, changes, code) => {
    expect(judgeStored(upload([key(1)], changes), at(1, stored()), nothing)).toMatchObject({ kind: "refused", code });
  });

  test("is refused even under the certificate of the first upload: the token is the right", () => {
    const verdict = judgeStored(upload([key(1)]), at(1, stored()), new Set([hex(1)]));
    expect(verdict).toMatchObject({ kind: "refused", code: "missing_revision_token" });
  });

  test.each([
    ["without one", {}],
    ["with one that cannot be read", { tokenState: "unreadable" as const }],
    ["with one for other keys", { token: token([2]) }],
  ])("needs no token where the app is free of them: %s", (_how, changes) => {
    const verdict = judgeStored(upload([key(1)], { needsToken: false, ...changes }), at(1, stored()), nothing);
    expect(verdict).toMatchObject({ revisions: [0] });
  });

  test("a second one is refused, the same one again is not", () => {
    const revision = { transmissionRisk: 6, daysSinceOnset: 0, reportType: ReportType.revoked };
    const given = { token: token([1]) };
    const again = judgeStored(upload([key(1, ReportType.revoked)], given), at(1, stored({ revision })), nothing);
    expect(again).toMatchObject({ kind: "accepted", revisions: [] });
    const other = judgeStored(upload([key(1)], given), at(1, stored({ revision })), nothing);
    expect(other).toMatchObject({ kind: "refused", code: "key_already_revised" });
  });

  test("no confirmed key becomes likely", () => {
    const existing = at(1, stored({ reportType: ReportType.confirmed }));
    const verdict = judgeStored(upload([key(1, ReportType.likely)], { token: token([1]) }), existing, nothing);
    expect(verdict).toMatchObject({ kind: "refused", code: "invalid_report_type_transition" });
  });

  test("another interval is refused (KS P2)", () => {
    const verdict = judgeStored(upload([key(1)]), at(1, stored({ rollingPeriod: 100 })), nothing);
    expect(verdict).toMatchObject({ kind: "refused", code: "bad_request" });
  });

  test("a token whose interval is not the stored one gives no right", () => {
    const forged: OpenedToken = { entries: [{ ...entry(1), rollingPeriod: 100 }] };
    const verdict = judgeStored(upload([key(1)], { token: forged }), at(1, stored()), nothing);
    expect(verdict).toMatchObject({ kind: "refused", code: "invalid_revision_token" });
  });
});

describe("a key that came first by import or federation (KS P6)", () => {
  test.each(["import", "federation"])("is taken from its owner, without a right to revise it: %s", (originKind) => {
    const existing = stored({ originKind, sourceId: 7 });
    const verdict = judgeStored(upload([key(1), key(2)]), at(1, existing), nothing);
    expect(verdict).toMatchObject({ kind: "accepted", inserts: [1], revisions: [], entries: [entry(2)] });
  });

  test("is taken from its owner even where the source gave it another interval", () => {
    const existing = stored({ originKind: "import", sourceId: 7, rollingPeriod: 100 });
    const verdict = judgeStored(upload([key(1), key(2)]), at(1, existing), nothing);
    expect(verdict).toMatchObject({ kind: "accepted", inserts: [1], revisions: [], entries: [entry(2)] });
  });

  test("is no more withdrawn by its owner's upload here than by a stranger's", () => {
    const existing = stored({ originKind: "import", sourceId: 7 });
    const verdict = judgeStored(upload([key(1, ReportType.revoked)]), at(1, existing), nothing);
    expect(verdict).toMatchObject({ kind: "accepted", revisions: [], entries: [] });
  });

  test("is revised with a token of the server that it came from, once that handed over its token keys", () => {
    const existing = at(1, stored({ originKind: "import", sourceId: 7 }));
    expect(judgeStored(upload([key(1)], { token: token([1], 7) }), existing, nothing)).toMatchObject({
      revisions: [0],
    });
    expect(judgeStored(upload([key(1)], { token: token([1], 8) }), existing, nothing)).toMatchObject({ revisions: [] });
    expect(judgeStored(upload([key(1)], { token: token([1]) }), existing, nothing)).toMatchObject({ revisions: [] });
  });

  test("can still be revised with the new token after its owner has uploaded here", () => {
    const existing = at(1, stored({ originKind: "import", sourceId: 7, reportType: ReportType.confirmed }));
    const verdict = judgeStored(upload([key(1), key(2)], { token: token([1], 7) }), existing, nothing);
    expect(verdict).toMatchObject({ inserts: [1], entries: [entry(1, 7), entry(2)] });
  });

  test("is not revised without a token, even where the app needs none", () => {
    const existing = at(1, stored({ originKind: "import", sourceId: 7 }));
    const verdict = judgeStored(upload([key(1)], { needsToken: false }), existing, nothing);
    expect(verdict).toMatchObject({ kind: "accepted", revisions: [] });
  });
});
