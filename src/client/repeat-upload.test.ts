// Repeating: how often, after which pauses, and when not.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { UploadAnswer } from "./client-types.ts";
import { type RepeatOptions, repeatUpload } from "./repeat-upload.ts";

const STORED: UploadAnswer = {
  outcome: "stored",
  status: 200,
  inserted: 1,
  revisionToken: null,
  message: "",
  warnings: [],
};
const REFUSED: UploadAnswer = { outcome: "refused", status: 400, code: "bad_request", message: "" };

function tryAgain(retryAfterSeconds: number | null = null): UploadAnswer {
  return { outcome: "try_again", status: 503, code: null, message: "", retryAfterSeconds };
}

/** Sends into a row of answers, of which the last goes on for ever. */
async function repeat(answers: readonly UploadAnswer[], options: RepeatOptions = {}, random = 0) {
  const pauses: number[] = [];
  let sent = 0;
  const send = async () => answers[Math.min(sent++, answers.length - 1)] ?? REFUSED;
  const pause = async (milliseconds: number) => void pauses.push(milliseconds / 1_000);
  const answer = await repeatUpload(send, { pause, ...options }, (count) => new Uint8Array(count).fill(random));
  return { answer, sent, pauses };
}

describe("an upload is repeated", () => {
  test("until it is stored", async () => {
    expect(await repeat([tryAgain(), tryAgain(), STORED])).toEqual({ answer: STORED, sent: 3, pauses: [1, 2] });
  });

  test("until it is refused", async () => {
    expect(await repeat([tryAgain(), REFUSED])).toMatchObject({ answer: REFUSED, sent: 2 });
  });

  test("not at all where the first answer settles it", async () => {
    expect(await repeat([STORED])).toEqual({ answer: STORED, sent: 1, pauses: [] });
  });

  test("at most as often as asked for, with pauses that double", async () => {
    expect(await repeat([tryAgain()])).toEqual({ answer: tryAgain(), sent: 6, pauses: [1, 2, 4, 8, 16] });
  });

  test("with pauses spread up to their double", async () => {
    const { pauses } = await repeat([tryAgain()], {}, 255);
    expect(pauses.map(Math.round)).toEqual([2, 4, 8, 16, 32]);
  });

  test("not before the server wants it", async () => {
    expect((await repeat([tryAgain(60), STORED])).pauses).toEqual([60]);
  });

  test("not by this call where the server wants it much later", async () => {
    expect(await repeat([tryAgain(86_400)])).toEqual({ answer: tryAgain(86_400), sent: 1, pauses: [] });
  });

  test("with every pause between what the server asks for and the longest", async () => {
    const anyAsked = fc.array(fc.option(fc.nat(400)), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(anyAsked, fc.nat(255), async (asked, random) => {
        const { pauses } = await repeat(asked.map(tryAgain), { attempts: 12, longestPauseSeconds: 300 }, random);
        for (const [index, pause] of pauses.entries()) {
          expect(pause).toBeGreaterThanOrEqual(asked[Math.min(index, asked.length - 1)] ?? 1);
          expect(pause).toBeLessThanOrEqual(300);
        }
      }),
    );
  });
});
