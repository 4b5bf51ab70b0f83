// The routes of signing keys: making them, and showing their public halves.

import { isoTime, isoTimeOrNull } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Database } from "../../platform/database/database.ts";
import { type AdminRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import { cutPage, nameParams, nothing, pageQuery } from "../../platform/http/admin/admin-schemas.ts";
import {
  newSigningKeySchema,
  type SigningKeyBody,
  signingKeyImportSchema,
  signingKeyPageSchema,
  signingKeySchema,
} from "./admin-schemas.ts";
import { type SeenSigningKey, type SigningKeysDeps, showSigningKey } from "./show-signing-key.ts";

export function signingKeyRoutes(deps: SigningKeysDeps): AdminRoute[] {
  return [listRoute(deps), showRoute(deps), createRoute(deps), importRoute(deps)];
}

const words = { tag: "signing keys" } as const;
const resourceOf = (name: string) => ({ kind: "signing-key", name });

function listRoute(deps: SigningKeysDeps): AdminRoute {
  return readRoute({
    ...words,
    path: "/v1/signing-keys",
    operationId: "listSigningKeys",
    summary: "All signing keys, by name",
    role: "auditor",
    params: nothing,
    query: pageQuery,
    answer: signingKeyPageSchema,
    codes: [],
    read: async (database, { query }) => {
      const { items: names, next } = cutPage(await deps.signingKeys.list(), query, (name) => name);
      const uses = await deps.readSealUses(database);
      const seen = await Promise.all(names.map((name) => showSigningKey(deps, name, uses)));
      return { items: seen.filter((one) => one !== null).map(toBody), next };
    },
  });
}

function showRoute(deps: SigningKeysDeps): AdminRoute {
  return readRoute({
    ...words,
    path: "/v1/signing-keys/{name}",
    operationId: "showSigningKey",
    summary: "One signing key: its public half, and where it is used",
    role: "auditor",
    params: nameParams,
    query: nothing,
    answer: signingKeySchema,
    codes: ["signing_key_unknown"],
    resource: ({ params }) => resourceOf(params.name),
    read: async (database, { params: { name } }) => {
      const seen = await look(deps, database, name);
      if (seen !== null) return seen;
      throw new CodedError("signing_key_unknown", `there is no signing key "${name}"`);
    },
  });
}

function createRoute(deps: SigningKeysDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/signing-keys",
    operationId: "createSigningKey",
    summary: "Makes a signing key on P-256; its private half never leaves this server",
    role: "administrator",
    params: nothing,
    body: newSigningKeySchema,
    answer: signingKeySchema,
    status: 201,
    codes: ["signing_key_exists", "signing_key_name_invalid", "signing_key_unusable"],
    resource: ({ body }) => resourceOf(body.name),
    look: (database, { body }) => look(deps, database, body.name),
    change: async (_, { body: { name } }) => {
      // No transaction takes this back: at worst a signing key stays that nothing names.
      await deps.signingKeys.create(name);
      return toBody({ name, publicKeyPem: await deps.signingKeys.publicKeyPem(name), problem: null, uses: [] });
    },
  });
}

function importRoute(deps: SigningKeysDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/signing-key-imports",
    operationId: "importSigningKey",
    summary: "Keeps a private key that another program signed with, so that phones go on trusting its archives",
    role: "administrator",
    params: nothing,
    body: signingKeyImportSchema,
    answer: signingKeySchema,
    status: 201,
    codes: ["signing_key_exists", "signing_key_name_invalid", "signing_key_unusable"],
    resource: ({ body }) => resourceOf(body.name),
    look: (database, { body }) => look(deps, database, body.name),
    change: async (_, { body: { name, privateKeyPem } }) => {
      // As with a new one: no transaction takes this back.
      await deps.signingKeys.put(name, privateKeyPem);
      return toBody({ name, publicKeyPem: await deps.signingKeys.publicKeyPem(name), problem: null, uses: [] });
    },
  });
}

async function look(deps: SigningKeysDeps, database: Database, name: string): Promise<SigningKeyBody | null> {
  const seen = await showSigningKey(deps, name, await deps.readSealUses(database));
  return seen && toBody(seen);
}

function toBody({ name, publicKeyPem, problem, uses }: SeenSigningKey): SigningKeyBody {
  return {
    name,
    algorithm: "ECDSA-P256-SHA256",
    publicKeyPem,
    problem,
    usedBy: uses.map(({ location, keyId, keyVersion, from, until }) => ({
      location,
      keyId,
      keyVersion,
      from: isoTime(from),
      until: isoTimeOrNull(until),
    })),
  };
}
