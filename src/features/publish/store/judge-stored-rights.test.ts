// Who may change what of a stored key: every way by which it came, every holder, every change.

import { describe, expect, test } from "vitest";
import {
  at,
  entry,
  key,
  NONE,
  nothing,
  START,
  stored,
  token,
  upload,
} from "../../../../test/support/stored-uploads.ts";
import { type ExposureKey, ReportType } from "../../../core/exposure-key.ts";
import type { PreparedUpload } from "../publish-types.ts";
import { judgeStored, type StoredUploadKey } from "./judge-stored.ts";

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

const OF_SUPPLIER = {
  rightful: ["with a token of source 7"],
  claimants: ["with a token of this server"],
} as const satisfies Rights;

interface Rights {
  readonly rightful: readonly Holder[];
  readonly claimants?: readonly Holder[];
}

/** Every way by which a key gets into the table, and which holders have the right to it, or a claim. */
const ORIGINS: Readonly<Record<string, Pick<StoredUploadKey, "originKind" | "owners" | "isPublished"> & Rights>> = {
  upload: { originKind: "upload", owners: [], isPublished: true, rightful: ["with a token of this server"] },
  "an upload that nobody has seen": {
    originKind: "upload",
    owners: [],
    isPublished: false,
    rightful: ["with a token of this server", "with a token of source 7", "with a token of source 8"],
  },
  "an upload that a supplier came to own": { originKind: "upload", owners: [9, 7], isPublished: true, ...OF_SUPPLIER },
  import: { originKind: "import", owners: [7], isPublished: false, ...OF_SUPPLIER },
  federation: { originKind: "federation", owners: [7], isPublished: true, ...OF_SUPPLIER },
  "test keys": { originKind: "test", owners: [], isPublished: true, rightful: ["with a token of this server"] },
  padding: { originKind: "generated", owners: [], isPublished: true, rightful: ["with a token of this server"] },
};

const CONFIRMED = { reportType: ReportType.confirmed };
const REVISION = { transmissionRisk: 2, daysSinceOnset: 0 };

interface Change {
  readonly stored?: Partial<StoredUploadKey>;
  readonly sent: Partial<ExposureKey>;
  /** What becomes of it with the right: it has effect, none, or a code. */
  readonly rightful: "revised" | keyof typeof NONE | "refused";
  /** With a claim only, where that is less. */
  readonly claimants?: "refused";
  /** By the word of a supplier that comes to own it, where that is more. */
  readonly newOwners?: "revised";
  /** Where another right was shown, or none; refused with the code for the token unless another one is named. */
  readonly others: keyof typeof NONE | "refused" | "bad_request";
  /** The same for keys that came by another way than an upload, where that is more lenient (KS P6). */
  readonly othersElsewhere?: keyof typeof NONE | "refused";
}

/** What is sent for a stored key of type likely, risk 2, on the day of the onset, unless the case says otherwise. */
const CHANGES: Readonly<Record<string, Change>> = {
  nothing: { sent: {}, rightful: "repeated", others: "repeated" },
  "the type, upwards": { sent: CONFIRMED, rightful: "revised", others: "refused" },
  "the type, withdrawn": {
    sent: { reportType: ReportType.revoked },
    rightful: "revised",
    claimants: "refused",
    others: "refused",
  },
  "the type, sideways": { sent: { reportType: ReportType.userReport }, rightful: "refused", others: "refused" },
  "the type, downwards": { stored: CONFIRMED, sent: {}, rightful: "refused", others: "refused" },
  "the type, withdrawn from confirmed": {
    stored: CONFIRMED,
    sent: { reportType: ReportType.revoked },
    rightful: "refused",
    newOwners: "revised",
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
      const { originKind, owners, isPublished } = from;
      const existing = stored({ ...change.stored, originKind, owners, isPublished });
      const sent = { ...key(1, ReportType.likely), ...change.sent };
      for (const [holder, shown] of Object.entries(HOLDERS)) {
        // A new key beside it is stored where the upload is taken, and only there.
        const verdict = judgeStored(upload([sent, key(3)], shown), at(1, existing), nothing);
        const isClaimant = from.claimants?.some((name) => name === holder) ?? false;
        const isRightful = isClaimant || from.rightful.some((name) => name === holder);
        const elsewhere = from.originKind === "upload" ? undefined : change.othersElsewhere;
        const isNewOwner = owners.length === 0 && holder.includes("source");
        const ofRightful = (isClaimant && change.claimants) || (isNewOwner && change.newOwners) || change.rightful;
        const expected = isRightful ? ofRightful : (elsewhere ?? change.others);
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
        const revisions = expected === "revised" ? [{ index: 0, right: isClaimant ? "claimant" : "owner" }] : [];
        expect(verdict, holder).toMatchObject({ kind: "accepted", inserts: [{ index: 1 }], revisions, withoutEffect });
      }
    },
  );

  test.each(PAIRS)(
    "with %s changed where it came by %s nothing is taken without right or reason",
    (_w, _o, from, change) => {
      const { originKind, owners, isPublished } = from;
      const existing = stored({ ...change.stored, originKind, owners, isPublished });
      const sent = { ...key(1, ReportType.likely), ...change.sent };
      const verdict = judgeStored(upload([sent], { needsToken: false }), at(1, existing), nothing);
      const isOwn = originKind === "upload";
      const elsewhere = change.othersElsewhere ?? change.others;
      const ofOwn = (owners.length > 0 && change.claimants) || change.rightful;
      const expected = isOwn ? ofOwn : elsewhere;
      if (expected === "refused" || expected === "bad_request") {
        expect(verdict).toMatchObject({ kind: "refused", ...(isOwn ? {} : { code: "missing_revision_token" }) });
      } else if (expected === "revised")
        expect(verdict).toMatchObject({ revisions: [{ index: 0 }], withoutEffect: NONE });
      else expect(verdict).toMatchObject({ revisions: [], withoutEffect: { ...NONE, [expected]: 1 } });
    },
  );
});
