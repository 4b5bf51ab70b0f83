// /v1/stats: the statistics of one health authority, for whoever has its signing key (KS 6).

import type { UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { PublicAnswer, PublicRequest } from "../../platform/http/public-route.ts";
import { tellCauses } from "../../platform/observe/tell-causes.ts";
import type { StatsFeature } from "../stats/feature.ts";
import type { DayCounts } from "../stats/stats-types.ts";
import type { VerificationFeature } from "../verification/feature.ts";
import { isVerificationRefusal } from "../verification/verification-types.ts";
import { ANSWER_HEADERS, drawPadding, isDatabaseAway, type PublishDeps, refuse } from "./answer-publish.ts";
import { isProblem, memberTypes, readMembers } from "./read-members.ts";
import { isCertificateTime, isInDoubt } from "./time-refusals.ts";
import { parseBody } from "./wire-format.ts";

export interface StatsRouteDeps extends Pick<PublishDeps, "random" | "settings" | "report" | "clock"> {
  readonly verification: Pick<VerificationFeature, "authenticateStats">;
  readonly stats: Pick<StatsFeature, "readDays">;
}

const BEARER = "Bearer ";
const REQUEST = memberTypes({ padding: "string" });

export async function answerStats(deps: StatsRouteDeps, request: PublicRequest): Promise<PublicAnswer> {
  const problem = problemOfBody(request.body);
  if (problem !== null) return refuse(deps, 400, "bad_request", problem);
  const { authorization = "" } = request.headers;
  if (!authorization.startsWith(BEARER)) return refuse(deps, 401, "unauthorized", "a bearer token is needed");
  try {
    const token = authorization.slice(BEARER.length);
    const { authorityId } = await deps.verification.authenticateStats(token, deps.settings.statsAudience, request.now);
    const days = await deps.stats.readDays(authorityId, request.now);
    const content = { days: days.length > 0 ? days.map(shownDay) : undefined };
    const padding = drawPadding(deps.random, deps.settings);
    return { status: 200, headers: ANSWER_HEADERS, body: JSON.stringify({ ...content, padding }) };
  } catch (error) {
    if (isVerificationRefusal(error)) {
      if (!isCertificateTime(error.code) || !isInDoubt(deps.clock)) {
        return refuse(deps, 401, "unauthorized", "the token is not valid");
      }
      return refuse(deps, 503, "clock_in_doubt", "the server is not sure of the time at present");
    }
    const code = codeOf(error) ?? "unexpected";
    deps.report({ event: "publish.statistics-failed", level: "error", code, why: tellCauses(error) });
    const told = isDatabaseAway(code) ? "storage_unavailable" : "internal_error";
    return refuse(deps, 503, told, "the statistics cannot be read at present");
  }
}

/** A body is optional, and holds at most padding (KS 6.1). */
function problemOfBody(body: Uint8Array): string | null {
  if (body.length === 0) return null;
  const parsed = parseBody(body);
  if (isProblem(parsed)) return parsed.problem;
  const members = readMembers(parsed.value ?? {}, "the request", REQUEST);
  return isProblem(members) ? members.problem : null;
}

/** Names of KS 6.2. */
function shownDay(day: DayCounts): object {
  return {
    day: midnight(day.dayAt),
    publish_requests: day.byPlatform,
    total_teks_published: day.keys,
    requests_with_revisions: day.revisions,
    tek_age_distribution: day.keyAges,
    onset_to_upload_distribution: day.onsets,
    requests_missing_onset_date: day.missingOnset,
  };
}

function midnight(at: UnixSeconds): string {
  return new Date(at * 1_000).toISOString().replace(".000Z", "Z");
}
