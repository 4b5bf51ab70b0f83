// What an upload may do with stored keys, case by case; the attacker who re-uploads strangers' keys among them.

import { describe, expect, test } from "vitest";
import { at, entry, hex, key, NONE, nothing, stored, token, upload } from "../../../../test/support/stored-uploads.ts";
import { ReportType } from "../../../core/exposure-key.ts";
import type { OpenedToken } from "../../revision/revision-types.ts";
import { judgeStored } from "./judge-stored.ts";

describe("new keys", () => {
  test("are inserted and may be revised", () => {
    const verdict = judgeStored(upload([key(1), key(2)]), new Map(), nothing);
    expect(verdict).toMatchObject({
      kind: "accepted",
      inserts: [{ index: 0 }, { index: 1 }],
      revisions: [],
      entries: [entry(1), entry(2)],
    });
  });

  test("are not stored to be withdrawn, and nobody gets a right to them (KS P13)", () => {
    const verdict = judgeStored(upload([key(1, ReportType.revoked)]), new Map(), nothing);
    const withoutEffect = { ...NONE, withdrawnUnknown: 1 };
    expect(verdict).toEqual({ kind: "accepted", inserts: [], revisions: [], withoutEffect, entries: [] });
  });

  test.each([null, 7])("are stored as withdrawn where the token names them: source %s", (supplierId) => {
    const withdrawal = upload([key(1, ReportType.revoked)], { token: token([1], supplierId) });
    expect(judgeStored(withdrawal, new Map(), nothing)).toMatchObject({
      inserts: [{ index: 0 }],
      withoutEffect: NONE,
      entries: [{ keyData: key(1).keyData, supplierId }],
    });
  });

  test("are not stored as withdrawn where the token names another interval", () => {
    const forged: OpenedToken = { entries: [{ ...entry(1), rollingPeriod: 100 }] };
    const verdict = judgeStored(upload([key(1, ReportType.revoked)], { token: forged }), new Map(), nothing);
    expect(verdict).toMatchObject({ inserts: [], withoutEffect: { withdrawnUnknown: 1 } });
  });

  test("are the supplier's where its token names them: they will come in its archives", () => {
    const verdict = judgeStored(upload([key(1)], { token: token([1, 2], 7) }), new Map(), nothing);
    expect(verdict).toMatchObject({ inserts: [{ index: 0, supplierId: 7 }], entries: [entry(1, 7), entry(2, 7)] });
  });

  test("are this server's own where its token names them with another interval", () => {
    const forged: OpenedToken = { entries: [{ ...entry(1, 7), rollingPeriod: 100 }] };
    const verdict = judgeStored(upload([key(1)], { token: forged }), new Map(), nothing);
    expect(verdict).toMatchObject({ inserts: [{ index: 0, supplierId: null }], entries: [entry(1)] });
  });

  test("sent twice in one upload are stored once, the last one, and may be revised as stored", () => {
    const last = { ...key(1), rollingPeriod: 100 };
    expect(judgeStored(upload([key(1), last]), new Map(), nothing)).toMatchObject({
      inserts: [{ index: 1 }],
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
      inserts: [{ index: 1 }],
      entries: [entry(2)],
    });
  });
});

describe("a change of a stored upload", () => {
  test("is made with the token that holds the key", () => {
    const verdict = judgeStored(upload([key(1)], { token: token([1]) }), at(1, stored()), nothing);
    expect(verdict).toMatchObject({ kind: "accepted", revisions: [{ index: 0 }] });
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
    expect(verdict).toMatchObject({ revisions: [{ index: 0 }] });
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

const imported = (reportType: ReportType) => at(1, stored({ originKind: "import", owners: [7], reportType }));

describe("a key that came first by import", () => {
  test("gives its owner no right when it is uploaded again (KS P6)", () => {
    const verdict = judgeStored(upload([key(1), key(2)]), imported(ReportType.confirmed), nothing);
    expect(verdict).toMatchObject({ kind: "accepted", inserts: [{ index: 1 }], revisions: [], entries: [entry(2)] });
  });

  test("can still be revised with the new token after its owner has uploaded here", () => {
    const verdict = judgeStored(
      upload([key(1), key(2)], { token: token([1], 7) }),
      imported(ReportType.confirmed),
      nothing,
    );
    expect(verdict).toMatchObject({ inserts: [{ index: 1 }], entries: [entry(1, 7), entry(2)] });
  });

  test("stays its source's in the token after it was revised here, so that the same revision again succeeds", () => {
    const verdict = judgeStored(upload([key(1)], { token: token([1], 7) }), imported(ReportType.likely), nothing);
    expect(verdict).toMatchObject({ revisions: [{ index: 0 }], entries: [entry(1, 7)] });
  });
});
