// One mirror for people: its settings, how far it has come, the public keys that it trusts.

import type { MirrorBody } from "../../features/mirror/admin-schemas.ts";
import type { Call } from "../call.ts";
import { renderFields, renderSection } from "../output/render-fields.ts";
import { renderDuration, renderInstant } from "../output/render-time.ts";
import { TRUSTED_KEY_COLUMNS } from "./trusted-key-options.ts";

export function renderMirror(body: MirrorBody, { now, width }: Pick<Call, "now" | "width">): string {
  const { source, history, totals } = body;
  const fields = renderFields(
    [
      ["name", body.name],
      ["location", body.location],
      ["method", body.method],
      ["region", body.region],
      ["index", body.indexUrl],
      ["archives below", body.baseUrl],
      ["most keys in an archive", body.maxRecords],
      ["private addresses", body.allowPrivateAddresses],
      ["other entries", body.otherEntries.join(", ")],
      ["parts of batches", body.batchParts],
      ["onset codes", body.onsetCodes],
      ["from", body.from],
      ["until", renderInstant(body.until, now())],
      ["life", body.life],
      ["ended", renderInstant(body.endedAt, now())],
      ["given up", body.givenUp],
      ["last run", renderInstant(body.lastRunAt, now())],
      ["last good run", renderInstant(body.lastOkAt, now())],
      ["last error", body.lastError],
      ["index read", renderInstant(source.listedAt, now())],
      ["listed until", renderInstant(source.newestWindowEnd, now())],
      ["taken until", renderInstant(body.newestWindowEnd, now())],
      ["last taken", renderInstant(body.lastTakenAt, now())],
      ["waiting", body.waitingLines],
      ["lag", body.lagSeconds === null ? null : renderDuration(body.lagSeconds)],
      ["history", history.doneAt === null ? `${history.takenLines} of ${history.listedLines ?? "?"}` : "complete"],
      ["archives taken", totals.taken],
      ["lines skipped", body.skippedLines],
      ["archives lost", body.lostArchives],
      ["archives published", totals.archives],
      ["keys", totals.primaries],
      ["revised keys", totals.revised],
      ["left out", totals.leftOut],
      ["refused", totals.refused],
    ],
    width,
  );
  return fields + renderSection("Trusted keys", TRUSTED_KEY_COLUMNS, body.trustedKeys, width);
}
