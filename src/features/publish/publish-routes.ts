// The operations of the public listener that take something in: uploads, chaff, statistics.

import type { PublicAnswer, PublicRequest, PublicRoute } from "../../platform/http/public-route.ts";
import { answerPublish, type PublishDeps, refuse } from "./answer-publish.ts";
import { answerStats, type StatsRouteDeps } from "./answer-stats.ts";
import { answerChaff, type ChaffDeps } from "./chaff/answer-chaff.ts";
import { createRateLimiter } from "./limit-rate.ts";
import { createClientWatch } from "./watch-clients.ts";
import { MAX_BODY_BYTES } from "./wire-format.ts";

export type RouteDeps = PublishDeps &
  StatsRouteDeps &
  ChaffDeps & {
    /** Goes only forward. */
    milliseconds(): number;
  };

export function publishRoutes(deps: RouteDeps): PublicRoute[] {
  const limiter = createRateLimiter(deps.settings.requestsPerMinute);
  const watch = createClientWatch();
  const lookAtClient = ({ clientAddress, isForwardUnread = false }: PublicRequest) => {
    const trouble = watch.note({ address: clientAddress, isForwardUnread });
    if (trouble === null) return;
    deps.report({ event: "publish.proxy-untrusted", level: "warn", code: trouble, setting: "trustedProxies" });
  };
  const guarded = (answer: (request: PublicRequest) => Promise<PublicAnswer>) => async (request: PublicRequest) => {
    lookAtClient(request);
    if (!limiter.admits(request.clientAddress, deps.milliseconds())) {
      deps.report({ event: "publish.too-many-requests", level: "warn", code: "too_many_requests" });
      return refuse(deps, 429, "too_many_requests", "too many requests");
    }
    // Chaff too: an answer that tells it from an upload would betray it.
    if (deps.settings.isInMaintenance) return refuse(deps, 429, "maintenance_mode", "the server is in maintenance");
    const isChaff = (request.headers["x-chaff"] ?? "") !== "";
    return isChaff ? answerChaff(deps) : answer(request);
  };
  return [
    {
      path: "/v1/publish",
      methods: ["POST"],
      maxBodyBytes: MAX_BODY_BYTES,
      answer: guarded(async (request) => {
        const begunAt = deps.milliseconds();
        const answer = await answerPublish(deps, request);
        // Only what a person's phone gets is worth imitating.
        if (answer.status === 200) {
          const bodyBytes = Buffer.byteLength(answer.body);
          deps.profile.note({ bodyBytes, milliseconds: deps.milliseconds() - begunAt });
        }
        return answer;
      }),
      refuse: (status, why) => refuse(deps, status, status === 503 ? "internal_error" : "bad_request", why),
    },
    {
      path: "/v1/stats",
      methods: ["GET", "POST"],
      maxBodyBytes: MAX_BODY_BYTES,
      answer: guarded((request) => answerStats(deps, request)),
      refuse: (status, why) => refuse(deps, status, status === 503 ? "internal_error" : "bad_request", why),
    },
  ];
}
