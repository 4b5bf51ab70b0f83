// What the admin API takes and answers about archives that a mirror's source withdrew.

import { type Static, Type } from "typebox";
import { isoTime } from "../../core/clock.ts";
import { CLOSED, instant } from "../../platform/http/admin/admin-schemas.ts";
import type { OpenLosses } from "./loss-queries.ts";

export const MOST_SHOWN = 200;

const fingerprint = Type.String({ pattern: "^[0-9a-f]{64}$", description: "Stands for all of them." });

export const lossesSchema = Type.Object(
  {
    count: Type.Integer(),
    fingerprint,
    losses: Type.Array(
      Type.Object(
        {
          line: Type.String(),
          noticedAt: instant,
          taken: Type.Boolean({ description: "Whether the mirror had it before; else it was never published." }),
          locationLine: Type.Union([Type.String(), Type.Null()], {
            description: "The location's archive that carries it; it stays.",
          }),
        },
        CLOSED,
      ),
      { maxItems: MOST_SHOWN, description: "The first of them." },
    ),
  },
  { ...CLOSED, title: "MirrorLosses" },
);
export type LossesBody = Static<typeof lossesSchema>;

export const newAcceptanceSchema = Type.Object(
  {
    fingerprint,
    reason: Type.String({ minLength: 1, maxLength: 400, pattern: "\\S", description: "Why the source withdrew them." }),
  },
  { ...CLOSED, title: "NewAcceptance" },
);

export const acceptanceSchema = Type.Object({ accepted: Type.Integer() }, { ...CLOSED, title: "Acceptance" });
export type AcceptanceBody = Static<typeof acceptanceSchema>;

export function toLossesBody({ count, fingerprint: seen, losses }: OpenLosses): LossesBody {
  return {
    count,
    fingerprint: seen,
    losses: losses.map(({ line, noticedAt, wasTaken, locationLine }) => ({
      line,
      noticedAt: isoTime(noticedAt),
      taken: wasTaken,
      locationLine,
    })),
  };
}
