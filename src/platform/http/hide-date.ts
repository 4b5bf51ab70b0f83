// Answers without a `Date` while the clock is in doubt: nobody takes it for the time (RFC 9110, 6.6.1).

import type { FastifyInstance } from "fastify";
import type { JudgedClock } from "../time/clock-trust.ts";

export function hideDoubtfulDate(server: FastifyInstance, clock: Pick<JudgedClock, "trust">): void {
  server.addHook("onRequest", async (_request, reply) => {
    if (clock.trust().doubt !== null) reply.raw.sendDate = false;
  });
}
