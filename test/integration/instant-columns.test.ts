// Every instant that the database keeps, and what becomes of it when it was written by a clock that was ahead.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { MIGRATIONS } from "../../src/app/create-server.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

/**
 * `put back`: by an `ahead-queries.ts`, which has to name it. `history`: tells when something was;
 * no work is measured by it. `entered`: an operator said it, and it stays; beginnings that a wrong
 * clock has filled in are put back. Otherwise why it does no harm.
 */
const COLUMNS: Readonly<Record<string, string>> = {
  "exposure.rolling_start": "the key's own",
  "exposure.released_at": "put back",
  "exposure.revised_at": "put back",
  "awaited_revision.rolling_start": "the key's own",
  "awaited_revision.received_at": "put back",
  "release_horizon.closed_until": "put back",
  "planned_revision.due_at": "of keys made up for tests",
  "location.last_end_at": "names that were published stay; later ones follow by the smallest step",
  "location.index_checked_at": "put back",
  "location.failed_at": "put back",
  "location_seal.from_at": "put back",
  "location_seal.until_at": "entered",
  "location_archive.start_at": "part of a name that was published",
  "location_archive.end_at": "part of a name that was published",
  "location_archive.appended_at": "put back",
  "location_archive.expires_at": "put back",
  "location_archive.expired_at": "put back",
  "location_archive.unlisted_at": "put back",
  "location_archive.deleted_at": "put back",
  "export_config.from_at": "put back",
  "export_config.thru_at": "entered",
  "export_config.exported_until": "put back",
  "export_config.open_end": "put back",
  "export_config.open_after_at": "put back",
  "export_config.ending_until": "forgotten where progress is put back, and set anew by the right time",
  "export_config.ended_at": "put back",
  "export_config.failed_at": "put back",
  "export_window.start_at": "history",
  "export_window.end_at": "history",
  "export_window.completed_at": "history",
  "export_past_filter.until_at":
    "of windows that are exported: asked by the watch alone, which may at worst raise an alarm",
  "export_backfill.from_at": "entered",
  "export_backfill.thru_at": "entered",
  "export_backfill.requested_at": "put back",
  "export_backfill.open_after_at": "put back",
  "export_backfill.completed_at": "history",
  "watch_look.looked_at": "put back",
  "watch_look.since_at": "put back",
  "watch_look.seen_at": "put back",
  "watch_look.behind_since_at": "put back",
  "watch_line.looked_at": "put back",
  "watch_line.failed_since_at": "put back",
  "watch_alarm.since_at": "put back",
  "watch_release.hour_start": "counted anew with what it counts",
  "watch_release.first_at": "counted anew with what it counts",
  "watch_release.last_at": "put back",
  "watch_progress.counted_until": "put back",
  "upstream.from_at": "put back",
  "upstream.until_at": "entered",
  "upstream.final_look_at": "put back",
  "upstream.ended_at": "put back",
  "upstream.checked_at": "put back",
  "upstream.reached_at": "put back",
  "upstream.suspicious_at": "put back",
  "upstream_skip.skipped_at": "history",
  "upstream_skip.undone_at": "history",
  "mirror_loss.noticed_at": "history",
  "mirror_loss.accepted_at": "history",
  "upstream_trusted_key.from_at": "put back",
  "upstream_trusted_key.until_at": "entered",
  "upstream_trusted_key.added_at": "put back",
  "import_archive.discovered_at": "put back",
  "import_archive.next_attempt_at": "put back",
  "import_archive.lease_until": "put back",
  "import_archive.quarantined_at": "put back",
  "import_archive.last_checked_at": "put back",
  "import_archive.completed_at": "put back",
  "mirror.history_done_at": "put back",
  "mirror.last_run_at": "put back",
  "mirror.last_ok_at": "put back",
  "mirror.listed_at": "put back",
  "mirror.listed_end_at": "never behind the time of the run, and set anew by the next",
  "mirror_archive.end_at": "put back",
  "mirror_archive.taken_at": "put back",
  "migration.state_since_at": "put back",
  "migration_entry.written_at": "history",
  "health_authority.jwks_checked_at": "put back",
  "health_authority.jwks_succeeded_at": "put back",
  "health_authority_key.from_at": "put back",
  "health_authority_key.until_at": "put back",
  "certificate_use.expires_at": "the certificate's own",
  "upload_receipt.expires_at": "the certificate's own",
  "token_key.created_at": "put back",
  "token_key.ends_at": "entered, or of a key that is destroyed",
  "token_key_recipient.created_at": "history",
  "upload_statistics.hour_at": "history",
  "principal.created_at": "history",
  "principal.expires_at": "entered",
  "principal.revoked_at": "any value means revoked",
  "principal.last_used_at": "put back",
  "audit_entry.written_at": "history, which nothing changes",
  "job_state.last_started_at": "put back",
  "job_state.last_ended_at": "put back",
  "job_state.last_succeeded_at": "put back",
  "job_state.waits_since_at": "put back",
  "job_state.first_asked_at": "put back",
  "clock_state.seen_at": "put back",
  "clock_state.confirmed_at": "put back",
};

const SOURCES = join(import.meta.dirname, "../../src");
const SQL_OF_PUTTING_BACK = /(ahead-queries|clock-queries|lower-progress)\.ts$/;

/** What is written to put instants back, a text for each file; with what it calls beside it. */
const texts = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((file) => SQL_OF_PUTTING_BACK.test(file))
  .map((file) => {
    const beside = join(SOURCES, dirname(file), "queries.ts");
    return readFileSync(join(SOURCES, file), "utf8") + (existsSync(beside) ? readFileSync(beside, "utf8") : "");
  });

describeOnEachDatabase("instants", (open) => {
  test("in every table are thought of, and none besides", async () => {
    const database = await open(MIGRATIONS);
    const { rows } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = current_schema() and table_name <> 'schema_migration'
        and data_type in ('bigint', 'integer', 'timestamp with time zone', 'timestamp without time zone')
        and column_name ~ '_(at|until|start|end|since|on)$'`.execute(database.db);
    expect(rows.map(({ name }) => name).toSorted()).toEqual(Object.keys(COLUMNS).toSorted());
  });

  test.each(Object.keys(COLUMNS).filter((name) => COLUMNS[name] === "put back"))("%s is put back", (name) => {
    const [table = "", column = ""] = name.split(".");
    expect(texts.some((text) => text.includes(table) && text.includes(column))).toBe(true);
  });
});
