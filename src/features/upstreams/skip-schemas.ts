// What the admin API takes and answers about lines that are skipped.

import { type Static, Type } from "typebox";
import { isoTime, isoTimeOrNull } from "../../core/clock.ts";
import { CLOSED, instant, pageOf, pageQuery } from "../../platform/http/admin/admin-schemas.ts";
import type { Skip } from "./skip-types.ts";

const line = Type.String({ minLength: 1, maxLength: 1_000, description: "As the other server lists it." });
const nameOrNull = Type.Union([Type.String(), Type.Null()]);

export const newSkipSchema = Type.Object(
  {
    line,
    reason: Type.String({ minLength: 1, maxLength: 400, pattern: "\\S", description: "Why it is never to be had." }),
  },
  { ...CLOSED, title: "NewSkip" },
);

export const newUnskipSchema = Type.Object({ line }, { ...CLOSED, title: "NewUnskip" });

export const skipSchema = Type.Object(
  {
    line: Type.String(),
    reason: Type.String(),
    skippedAt: instant,
    skippedBy: Type.Union([Type.String(), Type.Null()], { description: "A principal; null: it was not recorded." }),
    undoneAt: Type.Union([instant, Type.Null()], { description: "null: the line is skipped." }),
    undoneBy: nameOrNull,
  },
  { ...CLOSED, title: "Skip" },
);
export type SkipBody = Static<typeof skipSchema>;

export const skipPageSchema = pageOf(skipSchema);
export type SkipPage = Static<typeof skipPageSchema>;

export const skipQuery = Type.Object(
  { limit: pageQuery.properties.limit, after: Type.Optional(Type.String({ pattern: "^[1-9]\\d{0,14}$" })) },
  CLOSED,
);

export const removedSchema = Type.Object(
  {
    name: Type.String(),
    endedAt: Type.Union([instant, Type.Null()], { description: "null: it never took anything." }),
  },
  { ...CLOSED, title: "Removed" },
);
export type RemovedBody = Static<typeof removedSchema>;

export function toSkipBody({ line: skipped, reason, skippedAt, skippedBy, undoneAt, undoneBy }: Skip): SkipBody {
  const undone = { undoneAt: isoTimeOrNull(undoneAt), undoneBy };
  return { line: skipped, reason, skippedAt: isoTime(skippedAt), skippedBy, ...undone };
}
