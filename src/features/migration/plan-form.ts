// The form of a migration plan: the file that both organisations agree on. It holds no secrets.

import { type Static, Type } from "typebox";
import { CLOSED, instant, instantOrNull, publicKeyName } from "../../platform/http/admin/admin-schemas.ts";
import { batchParts, onsetCodes, otherEntries } from "../upstreams/archive-profile-schemas.ts";

const name = Type.String({
  minLength: 1,
  maxLength: 60,
  pattern: "^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$",
  description: "Lower-case letters, digits and hyphens.",
});
const url = Type.String({ minLength: 1, maxLength: 2_000, pattern: "^https?://[^\\s#]+$" });
const prose = Type.String({ minLength: 1, maxLength: 200 });

export const publicKeyForm = Type.Object(
  {
    keyId: publicKeyName,
    keyVersion: publicKeyName,
    publicKeyPem: Type.String({ minLength: 1, maxLength: 4_000, description: "SubjectPublicKeyInfo on P-256." }),
    from: Type.Optional(instant),
    until: Type.Optional(instantOrNull),
  },
  { ...CLOSED, description: "A public key, and the id and version under which archives name it." },
);

export const treeForm = Type.Object(
  {
    name,
    indexUrl: url,
    baseUrl: Type.String({ ...url, description: "Lines of the index are resolved against it." }),
    publicKeys: Type.Array(publicKeyForm, { minItems: 1, maxItems: 20 }),
    otherEntries: Type.Optional(otherEntries),
    batchParts: Type.Optional(batchParts),
    onsetCodes: Type.Optional(onsetCodes),
  },
  { ...CLOSED, description: "A published tree." },
);
export type PlannedTree = Static<typeof treeForm>;

export const appForm = Type.Object(
  {
    platform: Type.Enum(["android", "ios"]),
    bundleId: Type.String({ minLength: 1, maxLength: 200, pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" }),
  },
  { ...CLOSED, description: "An app whose users are moved." },
);

const organisation = {
  organisation: prose,
  contact: Type.Optional(Type.String({ ...prose, description: "Who is responsible, and how to reach them." })),
};

export const planForm = Type.Object(
  {
    plan: Type.Literal(1, { description: "Version of this form." }),
    name,
    regions: Type.Array(Type.String({ minLength: 1, maxLength: 20, pattern: "^[A-Z0-9-]+$" }), {
      minItems: 1,
      maxItems: 60,
    }),
    countryCode: Type.Optional(
      Type.String({
        pattern: "^[0-9]{3}$",
        description: "Mobile country code, under which Apple and Google keep keys.",
      }),
    ),
    method: Type.Optional(Type.Enum(["reseal"])),
    end: Type.Optional(Type.Enum(["read-only"])),
    apps: Type.Optional(Type.Array(appForm, { maxItems: 20 })),
    state: Type.Object(
      {
        ...organisation,
        software: Type.Optional(Type.Enum(["enks", "google", "other"])),
        client: Type.Object(
          { ...treeForm.properties },
          { ...CLOSED, description: "The tree that the app knows today: the client location." },
        ),
        second: Type.Optional(
          Type.Object(
            { ...treeForm.properties },
            { ...CLOSED, description: "A second tree with the state's keys, which the nation imports." },
          ),
        ),
      },
      CLOSED,
    ),
    nation: Type.Object({ ...organisation, exports: Type.Array(treeForm, { minItems: 1, maxItems: 10 }) }, CLOSED),
    waived: Type.Optional(
      Type.Array(
        Type.Object({ check: Type.String({ minLength: 1, maxLength: 60 }), reason: prose, by: prose }, CLOSED),
        { maxItems: 20, description: "Checks that need not pass, each with a reason and the name of a person." },
      ),
    ),
    soakHours: Type.Optional(
      Type.Number({ minimum: 1, maximum: 720, description: "How long the switch is watched before it counts (48)." }),
    ),
    lagHours: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 72,
        description: "How long a key of the state may take into a national export (8).",
      }),
    ),
  },
  { ...CLOSED, title: "MigrationPlan" },
);
export type MigrationPlan = Static<typeof planForm>;

/** Two export windows of four hours: one at the state, one at the nation. */
export const USUAL_LAG_HOURS = 8;
