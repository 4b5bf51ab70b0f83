// One source for people: its settings, how its archives fare, the public keys that it trusts.

import type { SourceBody } from "../../features/import/admin-schemas.ts";
import type { Call } from "../call.ts";
import { renderFields, renderSection } from "../output/render-fields.ts";
import { renderInstant, renderSince } from "../output/render-time.ts";
import type { Column } from "../render-table.ts";
import { NO_NAME, TRUSTED_KEY_COLUMNS } from "./trusted-key-options.ts";

export function renderSource(body: SourceBody, { now, width }: Pick<Call, "now" | "width">): string {
  const { check, files, oldestWaiting, lastCompleted, keys } = body;
  const fields = renderFields(
    [
      ["name", body.name],
      ["supplier", body.supplier],
      ["region", body.region],
      ["index", body.indexUrl],
      ["archives below", body.baseUrl],
      ["header regions", body.headerRegions.map((region) => region || NO_NAME).join(", ")],
      ["other entries", body.otherEntries.join(", ")],
      ["parts of batches", body.batchParts],
      ["onset codes", body.onsetCodes],
      ["travelers", body.traveler],
      ["private addresses", body.allowPrivateAddresses],
      ["from", body.from],
      ["until", renderInstant(body.until, now())],
      ["life", body.life],
      ["ended", renderInstant(body.endedAt, now())],
      ["given up", body.givenUp],
      ["last check", check.checkedAt && `${check.outcome}, ${renderSince(check.checkedAt, now())}`],
      ["failure of the check", check.code],
      ["reached", renderInstant(check.reachedAt, now())],
      ["unusable lines", check.refusedLineCount],
      ["complete", files.complete],
      ["waiting", files.waiting],
      ["quarantined", files.quarantined],
      ["skipped", files.skipped],
      ["oldest waiting", oldestWaiting && `${oldestWaiting.line}, ${renderSince(oldestWaiting.discoveredAt, now())}`],
      ["waits because", oldestWaiting?.reason ?? null],
      ["last completed", lastCompleted && `${lastCompleted.line}, ${renderSince(lastCompleted.completedAt, now())}`],
      ["keys saved", keys.savedCount],
      ["keys that were here already", keys.repeatedCount],
      ["revisions without effect", keys.droppedCount],
      ["keys refused", keys.refusedCount],
    ],
    width,
  );
  return (
    fields +
    renderSection("Keys", KEY_COLUMNS, keyRows(keys), width) +
    renderSection("Trusted keys", TRUSTED_KEY_COLUMNS, body.trustedKeys, width)
  );
}

interface KeyRow {
  readonly what: string;
  readonly code: string;
  readonly keys: number;
}

const KEY_COLUMNS: readonly Column<KeyRow>[] = [
  { title: "keys", value: ({ keys }) => keys },
  { title: "were", value: ({ what }) => what },
  { title: "code", value: ({ code }) => code },
];

function keyRows({ outcomes, refusals }: SourceBody["keys"]): KeyRow[] {
  return [...rowsOf("taken", outcomes), ...rowsOf("refused", refusals)];
}

function rowsOf(what: string, counts: Readonly<Record<string, number>>): KeyRow[] {
  return Object.entries(counts).map(([code, keys]) => ({ what, code, keys }));
}
