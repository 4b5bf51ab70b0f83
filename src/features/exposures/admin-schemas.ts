// What the admin API takes and answers about exposure keys: counts, and test keys on request; never a key itself.

import { type Static, Type } from "typebox";
import { DAY } from "../../core/clock.ts";
import { CLOSED, instantOrNull } from "../../platform/http/admin/admin-schemas.ts";
import { MAX_GENERATED_KEYS, MAX_KEYS_PER_PERSON } from "./generate-test-keys.ts";

export const keyTotalsSchema = Type.Object(
  {
    exact: Type.Boolean({ description: "False: the table is large, and these are estimates; test is counted always." }),
    total: Type.Integer(),
    byOrigin: Type.Object(
      {
        upload: Type.Integer(),
        import: Type.Integer(),
        federation: Type.Integer(),
        padding: Type.Integer({ description: "Generated to hide how few keys an archive has." }),
        test: Type.Integer({ description: "Generated on request." }),
      },
      CLOSED,
    ),
    awaitedRevisions: Type.Integer({ description: "Revisions whose original has not come." }),
  },
  { ...CLOSED, title: "KeyTotals" },
);
export type KeyTotalsBody = Static<typeof keyTotalsSchema>;

export const generationRequestSchema = Type.Object(
  {
    regions: Type.Array(Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,29}$" }), { minItems: 1, maxItems: 10 }),
    traveler: Type.Optional(Type.Boolean({ default: false })),
    persons: Type.Integer({ minimum: 1, maximum: MAX_GENERATED_KEYS }),
    keysPerPerson: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_KEYS_PER_PERSON, description: "One a day, from yesterday backwards." }),
    ),
    reportType: Type.Optional(Type.Enum(["confirmed", "likely", "user-report", "mixed"], { default: "mixed" })),
    revisedShare: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, default: 0, description: "Of the persons: confirmed or revoked later." }),
    ),
    reviseAfterSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 7 * DAY, description: "Two hours." })),
  },
  { ...CLOSED, title: "GenerationRequest" },
);
export type GenerationRequestBody = Static<typeof generationRequestSchema>;

export const generationSchema = Type.Object(
  {
    persons: Type.Integer(),
    keys: Type.Integer(),
    revisions: Type.Integer({ description: "Of these keys, to come." }),
    reviseAt: instantOrNull,
  },
  { ...CLOSED, title: "Generation" },
);
export type GenerationBody = Static<typeof generationSchema>;
