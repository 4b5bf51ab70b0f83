// The guard of the admin API: changes are made together with their audit record, or not at all.

import { codeOf } from "../../core/coded-error.ts";
import type { Database } from "../../platform/database/database.ts";
import { joinTransaction } from "../../platform/database/join-transaction.ts";
import { adminError } from "../../platform/http/admin/admin-error.ts";
import type { AdminGuard } from "../../platform/http/admin/admin-guard.ts";
import type { ChangeRoute, ResourceName, RouteInput } from "../../platform/http/admin/admin-route.ts";
import { toAuditJson } from "./audit-json.ts";
import { insertAuditEntry } from "./audit-queries.ts";
import { authenticate } from "./authenticate.ts";
import { raiseRevision, readRevision } from "./queries.ts";

export function createGuard(database: Database): AdminGuard {
  return {
    authenticate: (token, now) => authenticate(database.db, token, now),
    revisionOf: (resource) => readRevision(database.db, resource),
    async carryOut(route, input, expectedRevision) {
      try {
        return await change(database, route, input, expectedRevision);
      } catch (error) {
        await recordFailure(database, route, input, error);
        throw error;
      }
    },
    recordRefusal: ({ principal, operationId: operation, resource, code }, at) =>
      insertAuditEntry(database.db, {
        at,
        principal,
        operation,
        resource,
        outcome: "refused",
        code,
        ...NOTHING_CHANGED,
      }),
  };
}

const NOTHING_CHANGED = { before: null, after: null } as const;

function change(
  database: Database,
  route: ChangeRoute,
  input: RouteInput,
  expectedRevision: number | null,
): Promise<{ answer: unknown; revision: number }> {
  return database.transaction(async (tx) => {
    const joined = joinTransaction(database.kind, tx);
    const resource = route.resource(input);
    // From here on everybody else who would change this resource waits.
    const revision = await raiseRevision(tx, resource);
    requireRevision(revision - 1, expectedRevision, resource);
    const before = toAuditJson(await route.look(joined, input));
    const answer = await route.change(joined, input);
    const after = toAuditJson(await route.look(joined, input));
    await insertAuditEntry(tx, { ...attemptOf(route, input), outcome: "done", code: null, before, after });
    return { answer, revision };
  });
}

function requireRevision(current: number, expected: number | null, { kind, name }: ResourceName): void {
  if (expected === null || expected === current) return;
  throw adminError("changed_meanwhile", `${kind} ${name} was changed since it was read`, {
    remedy: "Read it again, and decide again.",
  });
}

async function recordFailure(database: Database, route: ChangeRoute, input: RouteInput, error: unknown): Promise<void> {
  const code = codeOf(error);
  // Without a database, or without room in it, nothing was changed, and nothing can be recorded.
  if (code === "database_unreachable" || code === "database_full") return;
  const outcome = code === undefined ? "failed" : "refused";
  const entry = { ...attemptOf(route, input), outcome, code: code ?? "unexpected", ...NOTHING_CHANGED } as const;
  await insertAuditEntry(database.db, entry);
}

function attemptOf(route: ChangeRoute, input: RouteInput) {
  const { principal, now } = input;
  return { at: now, principal, operation: route.operationId, resource: route.resource(input) };
}
