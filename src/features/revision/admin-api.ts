// The admin API's operations on token keys.

import { isoTime } from "../../core/clock.ts";
import { type AdminRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import { cutPage, nothing, pageQuery } from "../../platform/http/admin/admin-schemas.ts";
import {
  importedSchema,
  newImportSchema,
  recipientSchema,
  tokenKeyPageSchema,
  transferSchema,
} from "./admin-schemas.ts";
import { readTokenKeys } from "./queries.ts";
import type { RevisionDeps } from "./revision-types.ts";
import { createRecipient, exportTokenKeys, importTokenKeys } from "./transfer-token-keys.ts";

const TAG = "token keys";
const ALL = { kind: "token-keys", name: "all" };

export function revisionRoutes(deps: RevisionDeps): AdminRoute[] {
  return [
    readRoute({
      path: "/v1/token-keys",
      operationId: "listTokenKeys",
      tag: TAG,
      summary: "The keys under which revision tokens are sealed and opened.",
      role: "auditor",
      codes: [],
      params: nothing,
      query: pageQuery,
      answer: tokenKeyPageSchema,
      read: async (database, { query }) => {
        const keys = (await readTokenKeys(database.db)).toSorted((left, right) => (left.id < right.id ? -1 : 1));
        const shown = keys.map(({ id, supplierId, createdAt, endsAt, wrapped }) => ({
          id,
          supplierId,
          createdAt: isoTime(createdAt),
          endsAt: endsAt === null ? null : isoTime(endsAt),
          destroyed: wrapped === null,
        }));
        return cutPage(shown, query, ({ id }) => id);
      },
    }),
    changeRoute({
      method: "POST",
      path: "/v1/token-keys/recipients",
      operationId: "createTokenKeyRecipient",
      tag: TAG,
      summary: "Make a key pair with which this server receives the token keys of another.",
      role: "administrator",
      codes: ["encryption_key_unusable"],
      params: nothing,
      body: nothing,
      answer: recipientSchema,
      status: 201,
      resource: () => ALL,
      look: async () => null,
      change: async (database, { now }) => ({ publicKey: await createRecipient({ ...deps, database }, now) }),
    }),
    changeRoute({
      method: "POST",
      path: "/v1/token-keys/transfers",
      operationId: "exportTokenKeys",
      tag: TAG,
      summary: "Encrypt this server's token keys to the server that takes over.",
      role: "administrator",
      codes: ["token_key_transfer_invalid", "encryption_key_unusable", "encryption_key_refused"],
      params: nothing,
      body: recipientSchema,
      answer: transferSchema,
      status: 200,
      resource: () => ALL,
      // Who got the keys is what an auditor wants to see.
      look: async (_database, { body }) => ({ recipient: body.publicKey }),
      change: (database, { body }) => exportTokenKeys({ ...deps, database }, body.publicKey),
    }),
    changeRoute({
      method: "POST",
      path: "/v1/token-keys/imports",
      operationId: "importTokenKeys",
      tag: TAG,
      summary: "Take over the token keys of a server that this one imports from.",
      role: "administrator",
      codes: ["token_key_transfer_invalid", "source_unknown", "encryption_key_unusable", "encryption_key_refused"],
      params: nothing,
      body: newImportSchema,
      answer: importedSchema,
      status: 200,
      resource: () => ALL,
      look: async (database) => (await readTokenKeys(database.db)).map(({ id, supplierId }) => ({ id, supplierId })),
      change: async (database, { body, now }) => ({
        count: await importTokenKeys({ ...deps, database }, body.transfer, body.source, now),
      }),
    }),
  ];
}
