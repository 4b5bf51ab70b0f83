// Sends test uploads, revisions and chaff as a plan says, and measures how long the server takes.

import { performance } from "node:perf_hooks";
import type { Upload, UploadAnswer } from "../../client/client-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { cryptoRandom } from "../../platform/random/crypto-random.ts";
import type { Surroundings } from "../surroundings.ts";
import { makeTestUpload } from "./make-test-upload.ts";
import type { UploadPlan } from "./upload-plan.ts";

export interface ProbeResult {
  readonly at: UnixSeconds;
  readonly kind: "upload" | "revision" | "chaff";
  /** Whether the server did with all of it what it should. */
  readonly isGood: boolean;
  readonly outcome: UploadAnswer["outcome"] | "answered" | "not_sent";
  /** null: no answer came. */
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string;
  /** From the first byte sent to the last one received; null: nothing was sent. Certificates are not counted. */
  readonly milliseconds: number | null;
}

/** As they come. Ends with the plan, or when somebody interrupts it. Throws nothing that a server could cause. */
export async function* sendTestUploads(
  plan: UploadPlan,
  surroundings: Surroundings,
): AsyncGenerator<ProbeResult, void, void> {
  const { clock } = surroundings;
  const { everySeconds, forSeconds, requestsPerRound, chaffShare } = plan;
  const interrupted = surroundings.interruption();
  const begunAt = clock.now();
  for (let round = 0; !interrupted.aborted; round++) {
    for (let index = round * requestsPerRound; index < (round + 1) * requestsPerRound; index++) {
      if (interrupted.aborted) return;
      // Spread evenly, so that the share is right at any time.
      const isChaff = Math.floor((index + 1) * chaffShare) > Math.floor(index * chaffShare);
      if (isChaff) yield await sendChaff(plan, clock.now());
      else yield* sendUpload(plan, surroundings);
    }
    if (everySeconds === null) return;
    const nextAt = Math.max(clock.now(), begunAt + (round + 1) * everySeconds);
    if (forSeconds !== null && nextAt >= begunAt + forSeconds) return;
    await surroundings.pause((nextAt - clock.now()) * 1_000, interrupted);
  }
}

async function* sendUpload(plan: UploadPlan, { clock }: Surroundings): AsyncGenerator<ProbeResult, void, void> {
  const { keysPerUpload, reportType, credentialFor } = plan;
  const made = makeTestUpload(keysPerUpload, clock.now(), cryptoRandom);
  const first = await attempt(plan, "upload", { ...made, credential: credentialFor(reportType) }, clock.now());
  yield first.result;
  if (!plan.isRevised || !first.result.isGood) return;
  if (first.revisionToken === null) {
    const message = "the upload was answered without a revision token";
    yield { ...NOT_SENT, at: clock.now(), kind: "revision", message };
    return;
  }
  const revision = { ...made, credential: credentialFor("confirmed"), revisionToken: first.revisionToken };
  yield (await attempt(plan, "revision", revision, clock.now())).result;
}

const NOT_SENT = { isGood: false, outcome: "not_sent", status: null, code: null, milliseconds: null } as const;

interface Attempt {
  readonly result: ProbeResult;
  readonly revisionToken: string | null;
}

async function attempt(
  { uploader }: UploadPlan,
  kind: "upload" | "revision",
  upload: Upload,
  at: UnixSeconds,
): Promise<Attempt> {
  let prepared: Awaited<ReturnType<typeof uploader.prepare>>;
  try {
    prepared = await uploader.prepare(upload);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const { code, message } = error;
    return { result: { ...NOT_SENT, at, kind, code, message }, revisionToken: null };
  }
  const begunAt = performance.now();
  const answer = await uploader.send(prepared);
  const milliseconds = performance.now() - begunAt;
  const isGood = answer.outcome === "stored" && answer.inserted === (kind === "upload" ? upload.keys.length : 0);
  const { outcome, status } = answer;
  return {
    result: { at, kind, isGood, outcome, status, ...reasonOf(answer), milliseconds },
    revisionToken: answer.outcome === "stored" ? answer.revisionToken : null,
  };
}

function reasonOf(answer: UploadAnswer): Pick<ProbeResult, "code" | "message"> {
  if (answer.outcome === "refused" || answer.outcome === "try_again") return answer;
  const message = [answer.message, ...answer.warnings].filter((text) => text !== "").join("; ");
  return { code: answer.outcome === "partial" ? "partial_failure" : null, message };
}

async function sendChaff({ uploader }: UploadPlan, at: UnixSeconds): Promise<ProbeResult> {
  const begunAt = performance.now();
  const { isAnswered, status } = await uploader.sendChaff();
  const milliseconds = performance.now() - begunAt;
  const outcome = isAnswered ? "answered" : status === null ? "try_again" : "refused";
  return { at, kind: "chaff", isGood: isAnswered, outcome, status, code: null, message: "", milliseconds };
}
