// POST /v1/publish: from the bytes of a request to the bytes of its answer (KS 3).

import { codeOf } from "../../core/coded-error.ts";
import type { Random } from "../../core/random.ts";
import type { RefusedUploadKey } from "../../core/validate-upload.ts";
import type { PublicAnswer, PublicRequest } from "../../platform/http/public-route.ts";
import type { Report } from "../../platform/observe/report.ts";
import { tellCauses } from "../../platform/observe/tell-causes.ts";
import type { AppDirectory } from "./apps/app-directory.ts";
import { platformOf } from "./platform-of.ts";
import { clockInDoubt, describeRefused, type PrepareDeps, prepareUpload } from "./prepare-upload.ts";
import type {
  PreparedUpload,
  PublishErrorCode,
  PublishSettings,
  UploadResult,
  WithoutEffect,
} from "./publish-types.ts";
import { isProblem } from "./read-members.ts";
import type { CommitQueue } from "./store/commit-queue.ts";
import type { Settled } from "./store/store-group.ts";
import { isInDoubt } from "./time-refusals.ts";
import { type PublishAnswer, parseBody, readPublishRequest, writePublishAnswer } from "./wire-format.ts";

export interface PublishDeps extends PrepareDeps {
  readonly apps: AppDirectory;
  readonly queue: CommitQueue<PreparedUpload, Settled>;
  readonly random: Random;
  readonly report: Report;
  readonly settings: PublishSettings;
}

/** How long a phone waits after an answer that is not its fault. */
const RETRY_AFTER_SECONDS = 60;

export async function answerPublish(deps: PublishDeps, request: PublicRequest): Promise<PublicAnswer> {
  try {
    return await publish(deps, request);
  } catch (error) {
    return failed(deps, error, "internal_error", "the server cannot store uploads at present");
  }
}

/** A database that is away is no fault of the request (KS P3); the phone comes again with the same upload. */
function failed(deps: PublishDeps, error: unknown, code: PublishErrorCode, message: string): PublicAnswer {
  const known = codeOf(error) ?? "unexpected";
  deps.report({ event: "publish.failed", level: "error", code: known, why: tellCauses(error) });
  return isDatabaseAway(known)
    ? refuse(deps, 503, "storage_unavailable", "the server does not reach its database at present")
    : refuse(deps, 503, code, message);
}

/** Unreachable, busy or full. */
export function isDatabaseAway(code: string): boolean {
  return code.startsWith("database_");
}

async function publish(deps: PublishDeps, { headers, body, now }: PublicRequest): Promise<PublicAnswer> {
  if (!(headers["content-type"] ?? "").startsWith("application/json")) {
    return refuseUpload(deps, 415, "bad_request", "the content type is not application/json", "content_type");
  }
  const parsed = parseBody(body);
  if (isProblem(parsed)) return refuseUpload(deps, 400, "bad_request", parsed.problem, "json");
  const request = readPublishRequest(parsed.value);
  if (isProblem(request)) return refuseUpload(deps, 400, "bad_request", request.problem, "json");
  const app = await deps.apps.find(request.healthAuthorityId, now).catch((error: unknown) => ({ error }));
  if (app !== null && "error" in app) {
    return failed(deps, app.error, "unable_to_load_health_authority", "the healthAuthorityID cannot be looked up");
  }
  if (app === null) {
    return refuseUpload(deps, 401, "unknown_health_authority_id", "the healthAuthorityID is unknown", "app_unknown");
  }
  const prepared = await prepareUpload(deps, request, app, platformOf(headers["user-agent"]), now);
  if (prepared.kind === "refused") {
    return refuseUpload(deps, prepared.status, prepared.code, prepared.message, prepared.reason, app.name);
  }
  const settled = await deps.queue.add(prepared.upload);
  if ("error" in settled) throw settled.error;
  const { result } = settled;
  // The key that opens the token may have ended by a wrong clock only.
  const isTokenTime = result.kind === "refused" && result.code === "invalid_revision_token";
  if (isTokenTime && prepared.upload.tokenState === "unreadable" && isInDoubt(deps.clock)) {
    const { status, code, message, reason } = clockInDoubt("token_time");
    return refuseUpload(deps, status, code, message, reason, app.name);
  }
  return answerOf(deps, result, prepared.refused, app.name);
}

function answerOf(
  deps: PublishDeps,
  result: UploadResult,
  refused: readonly RefusedUploadKey[],
  app: string,
): PublicAnswer {
  if (result.kind === "refused") {
    const status = result.code === "health_authority_verification_certificate_invalid" ? 401 : 400;
    return refuseUpload(deps, status, result.code, result.message, result.code, app);
  }
  const { repeated, kept, withdrawnUnknown, doubled } = result.withoutEffect;
  deps.report({
    event: "publish.stored",
    // Somebody believes that something has changed.
    level: kept + withdrawnUnknown > 0 ? "warn" : "info",
    app,
    inserted: result.inserted,
    revised: result.revised,
    dropped: refused.length,
    repeated,
    kept,
    withdrawnUnknown,
    doubled,
  });
  return answer(deps, 200, {
    revisionToken: result.token ?? undefined,
    insertedExposures: result.inserted,
    ...(refused.length > 0 ? { code: "partial_failure", error: describeRefused(refused) } : {}),
    warnings: [
      ...refused.filter(({ reason }) => reason === "onset_range").map((one) => describeRefused([one])),
      ...warningsOf(result.withoutEffect),
    ],
  });
}

/** A retry succeeds as what it repeats did, so it warns of nothing. */
function warningsOf({ kept, withdrawnUnknown, doubled }: WithoutEffect): string[] {
  return [
    ...(kept > 0 ? [`stored already with other values, which stay: ${kept}`] : []),
    ...(withdrawnUnknown > 0 ? [`not stored, so not to be withdrawn: ${withdrawnUnknown}`] : []),
    ...(doubled > 0 ? [`sent more than once, so the last counts: ${doubled}`] : []),
  ];
}

function refuseUpload(
  deps: PublishDeps,
  status: number,
  code: PublishAnswer["code"],
  error: string,
  reason: string,
  app?: string,
): PublicAnswer {
  deps.report({ event: "publish.refused", code, reason, app });
  return refuse(deps, status, code, error);
}

/** A refusal with its padding, and the time to wait where it is not the phone's fault. */
export function refuse(
  deps: Pick<PublishDeps, "random" | "settings">,
  status: number,
  code: PublishAnswer["code"],
  error: string,
): PublicAnswer {
  const refused = answer(deps, status, { code, error });
  if (status !== 429 && status !== 503) return refused;
  return { ...refused, headers: { ...refused.headers, "retry-after": String(RETRY_AFTER_SECONDS) } };
}

function answer(
  { random, settings }: Pick<PublishDeps, "random" | "settings">,
  status: number,
  content: PublishAnswer,
): PublicAnswer {
  return { status, headers: ANSWER_HEADERS, body: writePublishAnswer(content, drawPadding(random, settings)) };
}

/** The same for every answer, chaff or not (KS P15). */
export const ANSWER_HEADERS = {
  "content-type": "application/json",
  "x-api-version": "v1",
  "cache-control": "no-store",
} as const;

/** Random bytes in base64, so that a length says nothing (KS 3.10). */
export function drawPadding(
  random: Random,
  settings: Pick<PublishSettings, "paddingMinBytes" | "paddingRangeBytes">,
): string {
  const range = settings.paddingRangeBytes;
  const length = settings.paddingMinBytes + (range > 0 ? random.integer(range - 1) : 0);
  return Buffer.from(random.bytes(length)).toString("base64");
}
