// What the admin API says about apps.

import { type Static, Type } from "typebox";
import { CLOSED, pageOf } from "../../../platform/http/admin/admin-schemas.ts";

const name = Type.String({
  minLength: 1,
  maxLength: 100,
  description: "The healthAuthorityID of its uploads; upper and lower case are one.",
});
const regions = Type.Array(Type.String({ minLength: 1, maxLength: 5 }), {
  minItems: 1,
  maxItems: 100,
  description: "Every key that it uploads belongs to all of them.",
});
const authorities = Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
  maxItems: 100,
  description: "Names of the health authorities whose certificates are taken.",
});
const bypassCertificate = Type.Boolean({
  description: "Whether uploads without a certificate are taken; bad ones never are.",
});
const bypassRevisionToken = Type.Boolean({ description: "Whether keys are revised without a revision token." });

export const appSchema = Type.Object(
  { name, regions, authorities, bypassCertificate, bypassRevisionToken },
  { ...CLOSED, title: "App" },
);
export type AppBody = Static<typeof appSchema>;

export const appPageSchema = pageOf(appSchema);
export type AppPage = Static<typeof appPageSchema>;

export const newAppSchema = Type.Object(
  {
    name,
    regions,
    authorities,
    bypassCertificate: Type.Optional(bypassCertificate),
    bypassRevisionToken: Type.Optional(bypassRevisionToken),
  },
  { ...CLOSED, title: "NewApp" },
);
export type NewAppBody = Static<typeof newAppSchema>;

export const appChangeSchema = Type.Object(
  {
    regions: Type.Optional(regions),
    authorities: Type.Optional(authorities),
    bypassCertificate: Type.Optional(bypassCertificate),
    bypassRevisionToken: Type.Optional(bypassRevisionToken),
  },
  { ...CLOSED, title: "AppChange" },
);
export type AppChangeBody = Static<typeof appChangeSchema>;
