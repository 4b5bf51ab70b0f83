// Made-up keys that hide how few people reported (KS 2).

import { type ExposureKey, ReportType } from "../../../core/exposure-key.ts";
import type { Random } from "../../../core/random.ts";
import type { Has } from "./defect.ts";
import type { WindowKeys } from "./shelf.ts";

/** What a made-up key looks like where only revisions are published. */
const PLAIN = { rollingPeriod: 144, transmissionRisk: 2, reportType: ReportType.confirmed, daysSinceOnset: 0 } as const;

/** `generated` are the made-up ones among the primaries, `kept` those of them that the server remembers. */
export function padKeys({
  primaries,
  revised,
  minRecords,
  random,
  has,
}: WindowKeys & { readonly minRecords: number; readonly random: Random; readonly has: Has }): {
  readonly primaries: readonly ExposureKey[];
  readonly generated: readonly ExposureKey[];
  readonly kept: readonly ExposureKey[];
} {
  const missing = has("padding-absent") ? 0 : Math.max(0, minRecords - primaries.length - revised.length);
  const models = primaries.length > 0 ? primaries : revised.map((key) => ({ ...key, ...PLAIN }));
  const generated = Array.from({ length: missing }, (_, index) => ({
    ...(models[index % models.length] ?? { rollingStart: 0, ...PLAIN }),
    keyData: random.bytes(16),
  }));
  const kept = has("padding-mostly-forgotten") ? generated.filter((_, index) => index % 3 === 0) : generated;
  return { primaries: [...primaries, ...generated], generated, kept };
}
