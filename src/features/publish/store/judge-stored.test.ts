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
const NONE = { repeated: 0, kept: 0, withdrawnUnknown: 0, doubled: 0 };
const hex = (number: number) => new Uint8Array(16).fill(number).toHex();
const at = (number: number, existing: StoredUploadKey) => new Map([[hex(number), existing]]);

describe("new keys", () => {
  test("are inserted and may be revised", () => {
    const verdict = judgeStored(upload([key(1), key(2)]), new Map(), nothing);
    expect(verdict).toMatchObject({ kind: "accepted", inserts: [0, 1], revisions: [], entries: [entry(1), entry(2)] });
  });

  test("are not stored to be withdrawn, and nobody gets a right to them (KS P13)", () => {
    const verdict = judgeStored(upload([key(1, ReportType.revoked)]), new Map(), nothing);
    const withoutEffect = { ...NONE, withdrawnUnknown: 1 };
    expect(verdict).toEqual({ kind: "accepted", inserts: [], revisions: [], withoutEffect, entries: [] });
  });

  test.each([null, 7])("are stored as withdrawn where the token names them: source %s", (sourceId) => {
    const withdrawal = upload([key(1, ReportType.revoked)], { token: token([1], sourceId) });
    expect(judgeStored(withdrawal, new Map(), nothing)).toMatchObject({
      inserts: [0],
      withoutEffect: NONE,
      entries: [{ keyData: key(1).keyData, sourceId: null }],
    });
  });

  test("are not stored as withdrawn where the token names another interval", () => {
    const forged: OpenedToken = { entries: [{ ...entry(1), rollingPeriod: 100 }] };
    const verdict = judgeStored(upload([key(1, ReportType.revoked)], { token: forged }), new Map(), nothing);
    expect(verdict).toMatchObject({ inserts: [], withoutEffect: { withdrawnUnknown: 1 } });
  });

  test("are this server's own from then on, also where the token names them as another's", () => {
    const verdict = judgeStored(upload([key(1)], { token: token([1, 2], 7) }), new Map(), nothing);
    expect(verdict).toMatchObject({ inserts: [0], entries: [entry(1), entry(2, 7)] });
  });

  test("sent twice in one upload are stored once, the last one, and may be revised as stored", () => {
    const last = { ...key(1), rollingPeriod: 100 };
    expect(judgeStored(upload([key(1), last]), new Map(), nothing)).toMatchObject({
      inserts: [1],
      withoutEffect: { doubled: 1 },
      entries: [{ rollingPeriod: 100 }],
    });
  });
});

describe("an identical upload again (KS P1)", () => {
  const existing = stored({ reportType: ReportType.confirmed });

  test("succeeds without its token and gets none", () => {
    const verdict = judgeStored(upload([key(1)]), at(1, existing), nothing);
    const withoutEffect = { ...NONE, repeated: 1 };
    expect(verdict).toEqual({ kind: "accepted", inserts: [], revisions: [], withoutEffect, entries: [] });
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

/** What the token of an upload gives: nothing, or the right to the key. */
const HOLDERS = {
  "without a token": {},
  "with a token that cannot be read": { tokenState: "unreadable" },
  "with a token for other keys": { token: token([2]) },
  "with a token for another interval": { token: { entries: [{ ...entry(1), rollingPeriod: 100 }] } },
  "with a token of this server": { token: token([1]) },
  "with a token of source 7": { token: token([1], 7) },
  "with a token of source 8": { token: token([1], 8) },
} as const satisfies Readonly<Record<string, Partial<PreparedUpload>>>;
type Holder = keyof typeof HOLDERS;

/** Every way by which a key gets into the table, and which holders have the right to it. */
const ORIGINS: Readonly<Record<string, Pick<StoredUploadKey, "originKind" | "sourceId"> & { rightful: Holder[] }>> = {
  upload: { originKind: "upload", sourceId: null, rightful: ["with a token of this server"] },
  import: {
    originKind: "import",
    sourceId: 7,
    rightful: ["with a token of this server", "with a token of source 7"],
  },
  federation: { originKind: "federation", sourceId: 7, rightful: ["with a token of this server"] },
  "test keys": { originKind: "test", sourceId: null, rightful: ["with a token of this server"] },
  padding: { originKind: "generated", sourceId: null, rightful: ["with a token of this server"] },
};

const CONFIRMED = { reportType: ReportType.confirmed };
const REVISION = { transmissionRisk: 2, daysSinceOnset: 0 };

interface Change {
  readonly stored?: Partial<StoredUploadKey>;
  readonly sent: Partial<ExposureKey>;
  /** What becomes of it with the right: it has effect, none, or a code. */
  readonly rightful: "revised" | keyof typeof NONE | "refused";
  /** Where another right was shown, or none; refused with the code for the token unless another one is named. */
  readonly others: keyof typeof NONE | "refused" | "bad_request";
  /** The same for keys that came by another way than an upload, where that is more lenient (KS P6). */
  readonly othersElsewhere?: keyof typeof NONE | "refused";
}

/** What is sent for a stored key of type likely, risk 2, on the day of the onset, unless the case says otherwise. */
const CHANGES: Readonly<Record<string, Change>> = {
  nothing: { sent: {}, rightful: "repeated", others: "repeated" },
  "the type, upwards": { sent: CONFIRMED, rightful: "revised", others: "refused" },
  "the type, withdrawn": { sent: { reportType: ReportType.revoked }, rightful: "revised", others: "refused" },
  "the type, sideways": { sent: { reportType: ReportType.userReport }, rightful: "refused", others: "refused" },
  "the type, downwards": { stored: CONFIRMED, sent: {}, rightful: "refused", others: "refused" },
  "the type, withdrawn from confirmed": {
    stored: CONFIRMED,
    sent: { reportType: ReportType.revoked },
    rightful: "refused",
    others: "refused",
  },
  "the type, to none": { sent: { reportType: null }, rightful: "refused", others: "refused" },
  "the type, from none to likely": {
    stored: { reportType: null },
    sent: {},
    rightful: "refused",
    others: "refused",
  },
  "the type, from none to confirmed": {
    stored: { reportType: null },
    sent: CONFIRMED,
    rightful: "revised",
    others: "refused",
    othersElsewhere: "kept",
  },
  "the risk": { sent: { transmissionRisk: 7 }, rightful: "kept", others: "kept" },
  "the days since onset": { sent: { daysSinceOnset: 3 }, rightful: "kept", others: "kept" },
  "what the source did not say": {
    stored: { transmissionRisk: null, daysSinceOnset: null },
    sent: {},
    rightful: "kept",
    others: "kept",
  },
  "the period": {
    sent: { rollingPeriod: 100 },
    rightful: "refused",
    others: "bad_request",
    othersElsewhere: "kept",
  },
  "the start": {
    sent: { rollingStart: START - 144 },
    rightful: "refused",
    others: "bad_request",
    othersElsewhere: "kept",
  },
  "period and type": {
    sent: { rollingPeriod: 100, reportType: ReportType.revoked },
    rightful: "refused",
    others: "bad_request",
    othersElsewhere: "refused",
  },
  "back to the original of a revision": {
    stored: { revision: { ...REVISION, reportType: ReportType.revoked } },
    sent: {},
    rightful: "kept",
    others: "kept",
  },
  "nothing of a revision": {
    stored: { revision: { ...REVISION, reportType: ReportType.revoked } },
    sent: { reportType: ReportType.revoked },
    rightful: "repeated",
    others: "repeated",
  },
  "the type once more": {
    stored: { revision: { ...REVISION, reportType: ReportType.revoked } },
    sent: CONFIRMED,
    rightful: "refused",
    others: "refused",
  },
};

const PAIRS = Object.entries(ORIGINS).flatMap(([origin, from]) =>
  Object.entries(CHANGES).map(([what, change]) => [what, origin, from, change] as const),
);

describe("of a stored key", () => {
  test.each(PAIRS)(
    "changing %s where it came by %s has effect, a reason, or a code",
    (_what, _origin, from, change) => {
      const existing = stored({ ...change.stored, originKind: from.originKind, sourceId: from.sourceId });
      const sent = { ...key(1, ReportType.likely), ...change.sent };
      for (const [holder, shown] of Object.entries(HOLDERS)) {
        // A new key beside it is stored where the upload is taken, and only there.
        const verdict = judgeStored(upload([sent, key(3)], shown), at(1, existing), nothing);
        const isRightful = from.rightful.some((name) => name === holder);
        const elsewhere = from.originKind === "upload" ? undefined : change.othersElsewhere;
        const expected = isRightful ? change.rightful : (elsewhere ?? change.others);
        if (expected === "refused" || expected === "bad_request") {
          const isAbsent = holder === "without a token";
          const tokenCode = isAbsent ? "missing_revision_token" : "invalid_revision_token";
          expect(verdict, holder).toMatchObject({ kind: "refused" });
          if (!isRightful) {
            const code = expected === "bad_request" ? "bad_request" : tokenCode;
            expect(verdict, holder).toMatchObject({ code });
          }
          continue;
        }
        const withoutEffect = expected === "revised" ? NONE : { ...NONE, [expected]: 1 };
        const revisions = expected === "revised" ? [0] : [];
        expect(verdict, holder).toMatchObject({ kind: "accepted", inserts: [1], revisions, withoutEffect });
      }
    },
  );

  test.each(PAIRS)(
    "with %s changed where it came by %s nothing is taken without right or reason",
    (_w, _o, from, change) => {
      const existing = stored({ ...change.stored, originKind: from.originKind, sourceId: from.sourceId });
      const sent = { ...key(1, ReportType.likely), ...change.sent };
      const verdict = judgeStored(upload([sent], { needsToken: false }), at(1, existing), nothing);
      const isOwn = from.originKind === "upload";
      const elsewhere = change.othersElsewhere ?? change.others;
      const expected = isOwn ? change.rightful : elsewhere;
      if (expected === "refused" || expected === "bad_request") {
        expect(verdict).toMatchObject({ kind: "refused", ...(isOwn ? {} : { code: "missing_revision_token" }) });
      } else if (expected === "revised") expect(verdict).toMatchObject({ revisions: [0], withoutEffect: NONE });
      else expect(verdict).toMatchObject({ revisions: [], withoutEffect: { ...NONE, [expected]: 1 } });
    },
  );
});

const imported = (reportType: ReportType) => at(1, stored({ originKind: "import", sourceId: 7, reportType }));

describe("a key that came first by import", () => {
  test("gives its owner no right when it is uploaded again (KS P6)", () => {
    const verdict = judgeStored(upload([key(1), key(2)]), imported(ReportType.confirmed), nothing);
    expect(verdict).toMatchObject({ kind: "accepted", inserts: [1], revisions: [], entries: [entry(2)] });
  });

  test("can still be revised with the new token after its owner has uploaded here", () => {
    const verdict = judgeStored(
      upload([key(1), key(2)], { token: token([1], 7) }),
      imported(ReportType.confirmed),
      nothing,
    );
    expect(verdict).toMatchObject({ inserts: [1], entries: [entry(1, 7), entry(2)] });
  });

  test("stays its source's in the token after it was revised here, so that the same revision again succeeds", () => {
    const verdict = judgeStored(upload([key(1)], { token: token([1], 7) }), imported(ReportType.likely), nothing);
    expect(verdict).toMatchObject({ revisions: [0], entries: [entry(1, 7)] });
  });
});
