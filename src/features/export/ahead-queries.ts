// Taking back what exports have done by a clock that was ahead.

import { sql } from "kysely";
import { lastClosedInstant } from "../../core/plan-windows.ts";
import { type AheadTables, aheadOf, enteredUntil } from "../../platform/time/ahead-tables.ts";
import { LONGEST_GAP_SECONDS } from "../../platform/time/judge-clock.ts";
import { readFirstInstant } from "../exposures/page-queries.ts";
import type { RunSettings } from "./export-types.ts";
import { lowerProgress } from "./lower-progress.ts";
import { lockConfigs, writeProgress } from "./queries.ts";

export function exportAheadTables(settings: RunSettings): AheadTables {
  return {
    async putBack(tx, request) {
      const { now } = request;
      // Before the places are judged, which begin there. Keys that came since the clock was right, in doubt, come along.
      const firstKeyAt = await readFirstInstant(tx, now - LONGEST_GAP_SECONDS);
      const begun = await sql`
        update export_config set from_at = ${Math.min(now, firstKeyAt ?? now)}::bigint
        where from_at > ${aheadOf(now)}::bigint and from_at <= ${enteredUntil(request)}::bigint`.execute(tx);
      let exports = 0;
      for (const config of await lockConfigs(tx)) {
        const progress = lowerProgress(config, settings, now);
        if (progress === null) continue;
        await writeProgress(tx, config, progress);
        exports++;
      }
      // Their keys may have been released again, before the place where they stand.
      const closed = lastClosedInstant({ now, ...settings });
      const backfills = await sql`
        update export_backfill set restarts = restarts + 1, open_list = null, open_after_at = null,
          open_after_key = null, requested_at = least(requested_at, ${now}::bigint),
          thru_at = greatest(least(thru_at, ${closed}::bigint), from_at + 1),
          completed_at = case when from_at >= ${closed}::bigint then ${now}::bigint end
        where completed_at is null
          and (thru_at > ${aheadOf(closed)}::bigint or requested_at > ${aheadOf(now)}::bigint)`.execute(tx);
      await sql`
        update export_config set failed_at = ${now}::bigint where failed_at > ${aheadOf(now)}::bigint`.execute(tx);
      return {
        exports: exports + Number(begun.numAffectedRows ?? 0n),
        backfills: Number(backfills.numAffectedRows ?? 0n),
      };
    },
    async isAhead(db, now) {
      const { rows } = await sql<{ is_ahead: boolean }>`
        select exists (select from export_config
          where exported_until > ${aheadOf(now)}::bigint or open_end > ${aheadOf(now)}::bigint) as is_ahead`.execute(
        db,
      );
      return rows[0]?.is_ahead ?? false;
    },
  };
}
