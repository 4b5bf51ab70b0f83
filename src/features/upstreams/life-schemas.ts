// What the admin API takes and answers about the life of a server that is followed.

import { Type } from "typebox";
import { isoTimeOrNull, type UnixSeconds } from "../../core/clock.ts";
import { LIVES, lifeOf } from "../../core/life.ts";
import { CLOSED, instantOrNull } from "../../platform/http/admin/admin-schemas.ts";
import type { Upstream } from "./upstream-types.ts";

export const lifeMembers = {
  life: Type.Enum([...LIVES], {
    description:
      "`planned` before its beginning; `following`; `ending` from its end on, until everything is settled that it listed " +
      "by then; `ended`.",
  }),
  endedAt: instantOrNull,
  givenUp: Type.Union([Type.String(), Type.Null()], {
    description: "Why an operator ended it with something left; null: nothing was left, or it has not ended.",
  }),
};

export function toLifeBody(upstream: Upstream, now: UnixSeconds) {
  return { life: lifeOf(upstream, now), endedAt: isoTimeOrNull(upstream.endedAt), givenUp: upstream.givenUp };
}

export const newGiveUpSchema = Type.Object(
  {
    reason: Type.String({ minLength: 1, maxLength: 400, pattern: "\\S", description: "Why what is left is given up." }),
  },
  { ...CLOSED, title: "NewGiveUp" },
);
