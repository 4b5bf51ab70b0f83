// What the admin API takes and answers about principals and the audit log.

import { type Static, Type } from "typebox";
import { ADMIN_ROLES } from "../../platform/http/admin/admin-route.ts";
import { CLOSED, instant, instantOrNull, pageOf, pageQuery } from "../../platform/http/admin/admin-schemas.ts";
import { PRINCIPAL_NAME } from "./administration-types.ts";

const role = Type.Enum([...ADMIN_ROLES]);
const orNull = <Schema extends ReturnType<typeof Type.String>>(schema: Schema) => Type.Union([schema, Type.Null()]);

export const newPrincipalSchema = Type.Object(
  {
    name: Type.String({ pattern: PRINCIPAL_NAME.source }),
    role,
    expiresAt: Type.Optional(instantOrNull),
  },
  { ...CLOSED, title: "NewPrincipal" },
);
export type NewPrincipalBody = Static<typeof newPrincipalSchema>;

export const newTokenSchema = Type.Object(
  { expiresAt: Type.Optional(instantOrNull) },
  { ...CLOSED, title: "NewToken" },
);

export const principalSchema = Type.Object(
  {
    name: Type.String(),
    role,
    createdAt: instant,
    expiresAt: instantOrNull,
    revokedAt: instantOrNull,
    lastUsedAt: instantOrNull,
  },
  { ...CLOSED, title: "Principal" },
);
export type PrincipalBody = Static<typeof principalSchema>;

export const principalWithTokenSchema = Type.Object(
  { principal: principalSchema, token: Type.String({ description: "Shown this once." }) },
  { ...CLOSED, title: "PrincipalWithToken" },
);
export type PrincipalWithTokenBody = Static<typeof principalWithTokenSchema>;

export const principalPageSchema = pageOf(principalSchema);
export type PrincipalPage = Static<typeof principalPageSchema>;

const auditEntrySchema = Type.Object(
  {
    id: Type.Integer(),
    at: instant,
    principal: Type.String(),
    operation: Type.String({ description: "The operationId." }),
    kind: orNull(Type.String()),
    name: orNull(Type.String()),
    outcome: Type.Enum(["done", "refused", "failed"]),
    code: orNull(Type.String()),
    before: Type.Unknown({ description: "The resource before the change; null where there was none." }),
    after: Type.Unknown({ description: "The resource after the change." }),
  },
  { ...CLOSED, title: "AuditEntry" },
);
export type AuditEntryBody = Static<typeof auditEntrySchema>;

export const auditQuerySchema = Type.Object(
  {
    limit: pageQuery.properties.limit,
    after: Type.Optional(Type.String({ pattern: "^[1-9]\\d{0,14}$" })),
    kind: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })),
    principal: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  },
  CLOSED,
);

export const auditPageSchema = pageOf(auditEntrySchema);
export type AuditPage = Static<typeof auditPageSchema>;
