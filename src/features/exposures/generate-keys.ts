// Exposure keys as phones would have made them, of people who do not exist; for test regions (KS 10.3).

import { DAY, type UnixSeconds } from "../../core/clock.ts";
import { MAX_ROLLING_PERIOD, ReportType } from "../../core/exposure-key.ts";
import { INTERVALS_PER_DAY, intervalNumber, truncateWindow } from "../../core/intervals.ts";
import { type KeyBatch, KeyBatchBuilder } from "../../core/key-batch.ts";
import type { Random } from "../../core/random.ts";
import { daysSinceOnset } from "../../core/symptom-onset.ts";
import { riskOfUpload } from "../../core/transmission-risk.ts";

export interface GenerationSettings {
  readonly persons: number;
  /** One a day, yesterday's first: today's is still being broadcast. */
  readonly keysPerPerson: number;
  /** "mixed": drawn for each person. */
  readonly reportType: "confirmed" | "likely" | "user-report" | "mixed";
  /** Of the persons, 0 to 1: their test is confirmed or revoked later. */
  readonly revisedShare: number;
}

export interface GeneratedKeys {
  readonly keys: KeyBatch;
  /** What some of `keys` become later. */
  readonly revisions: KeyBatch;
}

const { confirmed, likely, userReport, revoked } = ReportType;
/** Symptoms began at most so many days ago, so that no key lies further from the onset than phones take. */
const ONSET_DAYS = 7;
const SHARE_STEPS = 10_000;

/** Keys of whole UTC days before `now`, a person's one behind the other. */
export function generateKeys(settings: GenerationSettings, now: UnixSeconds, random: Random): GeneratedKeys {
  const keys = new KeyBatchBuilder();
  const revisions = new KeyBatchBuilder();
  const today = intervalNumber(truncateWindow(now, DAY));
  for (let person = 0; person < settings.persons; person++) {
    const isRevised = random.integer(SHARE_STEPS - 1) < settings.revisedShare * SHARE_STEPS;
    const reportType = drawType(settings.reportType, isRevised, random);
    const laterType = oneOf([confirmed, revoked], random);
    const onset = today - (1 + random.integer(ONSET_DAYS - 1)) * INTERVALS_PER_DAY;
    for (let day = 1; day <= settings.keysPerPerson; day++) {
      const rollingStart = today - day * INTERVALS_PER_DAY;
      const days = daysSinceOnset(onset, rollingStart);
      const made = {
        keyData: random.bytes(16),
        rollingStart,
        rollingPeriod: MAX_ROLLING_PERIOD,
        daysSinceOnset: days === "onset_range" ? null : days,
      };
      keys.add({ ...made, reportType, transmissionRisk: riskOfUpload(null, reportType) });
      if (isRevised) {
        revisions.add({ ...made, reportType: laterType, transmissionRisk: riskOfUpload(null, laterType) });
      }
    }
  }
  return { keys: keys.build(), revisions: revisions.build() };
}

const TYPES = { confirmed, likely, "user-report": userReport } as const;

/** A confirmed test is never revised (KS 5.5). */
function drawType(wanted: GenerationSettings["reportType"], isRevised: boolean, random: Random): ReportType {
  if (wanted !== "mixed") return TYPES[wanted];
  return oneOf(isRevised ? [likely, userReport] : [confirmed, likely, userReport], random);
}

function oneOf<const T>(choices: readonly [T, ...T[]], random: Random): T {
  return choices[random.integer(choices.length - 1)] ?? choices[0];
}
