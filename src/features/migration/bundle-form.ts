// A bundle: what the other organisation needs to know of a server, so that no URL, key id or version is typed. It
// holds public facts alone.

import { type Static, Type } from "typebox";
import { CLOSED, instant } from "../../platform/http/admin/admin-schemas.ts";
import { publicKeyForm, treeForm } from "./plan-form.ts";

const text = Type.String({ minLength: 1, maxLength: 400 });

const bundledTree = Type.Object(
  {
    name: treeForm.properties.name,
    indexUrl: treeForm.properties.indexUrl,
    baseUrl: treeForm.properties.baseUrl,
    publicKeys: Type.Array(publicKeyForm, { minItems: 1, maxItems: 20 }),
    regions: Type.Array(text, { maxItems: 100, description: "Regions whose keys an export publishes there." }),
    retentionSeconds: Type.Integer({ minimum: 0 }),
    listedArchives: Type.Integer({ minimum: 0 }),
  },
  CLOSED,
);
export type BundledTree = Static<typeof bundledTree>;

const bundledAuthority = Type.Object(
  {
    name: text,
    iss: text,
    aud: text,
    jwksUrl: Type.Union([Type.String({ maxLength: 2_000 }), Type.Null()]),
    publicKeys: Type.Array(
      Type.Object({ version: text, publicKeyPem: publicKeyForm.properties.publicKeyPem }, CLOSED),
      { maxItems: 100 },
    ),
  },
  { ...CLOSED, description: "A health authority whose certificates the server takes." },
);

export const bundleForm = Type.Object(
  {
    bundle: Type.Literal(1, { description: "Version of this form." }),
    organisation: Type.String({ minLength: 1, maxLength: 200 }),
    contact: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    madeAt: instant,
    software: Type.String({ minLength: 1, maxLength: 100 }),
    trees: Type.Array(bundledTree, { maxItems: 100 }),
    apps: Type.Array(Type.Object({ name: text, regions: Type.Array(text, { maxItems: 100 }) }, CLOSED), {
      maxItems: 1_000,
    }),
    authorities: Type.Array(bundledAuthority, { maxItems: 1_000 }),
  },
  { ...CLOSED, title: "MigrationBundle" },
);
export type MigrationBundle = Static<typeof bundleForm>;

/** The kind of the signed statement that carries a bundle. */
export const BUNDLE_STATEMENT = "bundle";
