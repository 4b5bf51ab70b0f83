// Padding an archive with generated keys, so that its size does not tell how few people reported (KS 1.9).

import { ReportType } from "../../core/exposure-key.ts";
import { type KeyBatch, KeyBatchBuilder } from "../../core/key-batch.ts";
import type { Random } from "../../core/random.ts";
import { isRevoked } from "../../core/report-type.ts";

export interface Padding {
  /** The generated keys. */
  readonly generated: KeyBatch;
  /** For each generated key the key that it was modelled on. */
  readonly sources: KeyBatch;
}

export interface PaddingLimits {
  readonly minRecords: number;
  readonly paddingRange: number;
  readonly maxRecords: number;
}

/**
 * Generated keys to be added to an archive of these contents: none when it has `minRecords` keys of both lists together.
 * Each takes interval, risk, type and onset from one drawn at random: taken in turn, their proportions would tell how
 * many there are. Revised keys serve as models where primaries are missing, so that an archive of revisions does not
 * reveal its size either (KS E17). Never above `maxRecords`.
 */
export function padContent(primaries: KeyBatch, revised: KeyBatch, limits: PaddingLimits, random: Random): Padding {
  const generated = new KeyBatchBuilder();
  const sources = new KeyBatchBuilder();
  const present = primaries.length + revised.length;
  const models = primaries.length > 0 ? primaries : revised;
  if (present < limits.minRecords && models.length > 0) {
    const target = Math.min(limits.maxRecords, limits.minRecords + random.integer(limits.paddingRange));
    for (let count = 0; present + count < target; count++) {
      const model = models.at(random.integer(models.length - 1));
      const reportType = isRevoked(model.reportType) ? ReportType.confirmed : model.reportType;
      generated.add({ ...model, keyData: random.bytes(16), reportType });
      sources.add(model);
    }
  }
  return { generated: generated.build(), sources: sources.build() };
}
