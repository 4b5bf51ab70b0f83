// The answer to chaff: nothing is done, and nobody on the way can tell (KS 3.11).

import type { Random } from "../../../core/random.ts";
import type { PublicAnswer } from "../../../platform/http/public-route.ts";
import { TOKEN_LENGTH } from "../../revision/seal-token.ts";
import { ANSWER_HEADERS, drawPadding } from "../answer-publish.ts";
import type { PublishSettings } from "../publish-types.ts";
import { writePublishAnswer } from "../wire-format.ts";
import type { ChaffProfile, SeenAnswer } from "./chaff-profile.ts";

export interface ChaffDeps {
  readonly random: Random;
  readonly settings: PublishSettings;
  readonly profile: ChaffProfile;
  /** Resolves so many milliseconds later. */
  wait(milliseconds: number): Promise<void>;
}

const EMPTY_BYTES = Buffer.byteLength(writePublishAnswer({}, ""));

/** As large as an answer that an upload got, and after as much time. */
export async function answerChaff(deps: ChaffDeps): Promise<PublicAnswer> {
  const { bodyBytes, milliseconds } = deps.profile.draw() ?? usualAnswer(deps);
  const body = writePublishAnswer({}, drawText(deps.random, bodyBytes - EMPTY_BYTES));
  await deps.wait(Math.min(milliseconds, deps.settings.chaffMaxLatencyMilliseconds));
  return { status: 200, headers: ANSWER_HEADERS, body };
}

/** Before the first upload: what it would get if all were well. */
function usualAnswer({ random, settings }: ChaffDeps): SeenAnswer {
  const answer = { revisionToken: "A".repeat(TOKEN_LENGTH), insertedExposures: 14 };
  return { bodyBytes: writePublishAnswer(answer, drawPadding(random, settings)).length, milliseconds: 10 };
}

/** So many characters of base64. */
function drawText(random: Random, length: number): string {
  const bytes = random.bytes(Math.ceil((Math.max(length, 0) * 3) / 4));
  return Buffer.from(bytes).toString("base64").slice(0, Math.max(length, 0));
}
