// A page of the audit log, the newest entry first.

import type { Static } from "typebox";
import { isoTime } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import { PAGE_DEFAULT } from "../../platform/http/admin/admin-schemas.ts";
import type { AuditEntryBody, AuditPage, auditQuerySchema } from "./admin-schemas.ts";
import type { AuditEntry } from "./administration-types.ts";
import { readAuditEntries } from "./audit-queries.ts";

export async function readAuditPage(db: Db, query: Static<typeof auditQuerySchema>): Promise<AuditPage> {
  const { limit = PAGE_DEFAULT, after, ...filter } = query;
  const found = await readAuditEntries(db, filter, after === undefined ? null : Number(after), limit + 1);
  const items = found.slice(0, limit).map(toBody);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? String(last.id) : null };
}

function toBody({ at, resource, ...entry }: AuditEntry): AuditEntryBody {
  return { ...entry, at: isoTime(at), kind: resource?.kind ?? null, name: resource?.name ?? null };
}
