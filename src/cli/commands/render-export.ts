// One export for people: its settings, how far it has come, its back-fills.

import type { ExportBody } from "../../features/export/admin-schemas.ts";
import type { Call } from "../call.ts";
import { renderFields, renderSection } from "../output/render-fields.ts";
import { renderDuration, renderInstant, renderSince } from "../output/render-time.ts";
import { writeDuration } from "../parse/parse-duration.ts";
import type { Column } from "../render-table.ts";

export function renderExport(body: ExportBody, { now, width }: Pick<Call, "now" | "width">): string {
  const { totals, lastFailure, openWindow } = body;
  const fields = renderFields(
    [
      ["name", body.name],
      ["location", body.location],
      ["region", body.region],
      ["includes", body.includeRegions.join(", ")],
      ["excludes", body.excludeRegions.join(", ")],
      ["travelers", body.travelers],
      ["period", writeDuration(body.periodSeconds)],
      ["from", body.from],
      ["thru", renderInstant(body.thru, now())],
      ["back-fill at first", body.backfillSeconds === 0 ? null : writeDuration(body.backfillSeconds)],
      ["keys in an archive", `${body.minRecords} to ${body.maxRecords}, padding up to ${body.paddingRange} more`],
      ["exported until", renderInstant(body.exportedUntil, now())],
      ["open window", openWindow && `${openWindow.start} to ${openWindow.end}`],
      ["life", body.life],
      ["ends when released", renderInstant(body.endingUntil, now())],
      ["ended", renderInstant(body.endedAt, now())],
      ["given up", body.givenUp],
      ["lag", renderDuration(body.lagSeconds)],
      ["archives", totals.archives],
      ["keys", totals.primaries],
      ["revised keys", totals.revised],
      ["left out", totals.leftOut],
      ["padding", totals.generated],
      [
        "last failure",
        lastFailure && `${lastFailure.code}, ${renderSince(lastFailure.at, now())}: ${lastFailure.message}`,
      ],
    ],
    width,
  );
  return fields + renderSection("Back-fills", BACKFILL_COLUMNS, body.backfills, width);
}

const BACKFILL_COLUMNS: readonly Column<ExportBody["backfills"][number]>[] = [
  { title: "id", value: ({ id }) => String(id) },
  { title: "from", value: ({ from }) => from },
  { title: "thru", value: ({ thru }) => thru },
  { title: "done until", value: ({ cursor, completedAt }) => (completedAt === null ? (cursor ?? "-") : "all") },
  { title: "archives", value: ({ archives }) => archives },
  { title: "keys", value: ({ primaries }) => primaries },
];
