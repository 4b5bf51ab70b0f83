// What the admin API takes and answers about the public keys that are trusted on the archives of another server.

import { type Static, Type } from "typebox";
import { isoTime, isoTimeOrNull } from "../../core/clock.ts";
import {
  CLOSED,
  instant,
  instantOrNull,
  parseInstant,
  parseInstantOrNull,
  publicKeyName,
} from "../../platform/http/admin/admin-schemas.ts";
import type { TrustedKeyFacts } from "./upstream-types.ts";

const names = { keyId: publicKeyName, keyVersion: publicKeyName };

/** As `publicKeyName`, without a blank at either end, which no eye would see. */
const newName = Type.String({
  maxLength: 100,
  pattern:
    "^(?:[^\\s\\u0000-\\u001f\\u007f-\\u009f](?:[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f])?)?$",
});

export const newTrustedKeySchema = Type.Object(
  {
    keyId: newName,
    keyVersion: newName,
    publicKeyPem: Type.String({ minLength: 1, maxLength: 4_000, description: "SubjectPublicKeyInfo on P-256." }),
    from: Type.Optional(instant),
    until: Type.Optional(instantOrNull),
  },
  {
    ...CLOSED,
    title: "NewTrustedKey",
    description: "Trusted for ever, past archives included, unless it says otherwise.",
  },
);
export type NewTrustedKeyBody = Static<typeof newTrustedKeySchema>;

export const trustedKeyParams = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  },
  CLOSED,
);

export const trustedKeyChangeSchema = Type.Object(
  { until: instantOrNull },
  {
    ...CLOSED,
    title: "TrustedKeyChange",
    description: "From the instant on no archive is accepted on its word; null: it is trusted without an end.",
  },
);

export const trustedKeySchema = Type.Object(
  {
    id: Type.Integer(),
    ...names,
    publicKeyPem: Type.String(),
    from: instant,
    until: instantOrNull,
  },
  { ...CLOSED, title: "TrustedKey" },
);
export type TrustedKeyBody = Static<typeof trustedKeySchema>;

export function toTrustedKeyBody(trusted: TrustedKeyFacts & { readonly id: number }): TrustedKeyBody {
  const { id, keyId, keyVersion, publicKeyPem, from, until } = trusted;
  return { id, keyId, keyVersion, publicKeyPem, from: isoTime(from), until: isoTimeOrNull(until) };
}

export function toNewTrustedKey({ from, until = null, ...trusted }: NewTrustedKeyBody): TrustedKeyFacts {
  return { ...trusted, from: from === undefined ? 0 : parseInstant(from), until: parseInstantOrNull(until) };
}
