// Sources and mirrors of an older database: what they share moves to the servers that we follow, and nothing of it is lost.

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { importMigrations } from "../../src/features/import/feature.ts";
import { readCheckedSources } from "../../src/features/import/sources/queries.ts";
import { mirrorMigrations } from "../../src/features/mirror/feature.ts";
import { readMirrors } from "../../src/features/mirror/queries.ts";
import { readHandedOver, readMirrorOverviews } from "../../src/features/mirror/status-queries.ts";
import { upstreamMigrations } from "../../src/features/upstreams/feature.ts";
import { readSkipPage } from "../../src/features/upstreams/skip-queries.ts";
import { ensureSupplier } from "../../src/features/upstreams/supplier-queries.ts";
import { readTrusted } from "../../src/features/upstreams/trust-queries.ts";
import { type MigrationSet, migrate } from "../../src/platform/database/migrate.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

const CLOCK = { now: () => 1_800_000_000 };
const ALL = [upstreamMigrations, importMigrations, mirrorMigrations];

/** The set as it was before this file of it. */
function before({ name, folder }: MigrationSet, file: string, scratch: string): MigrationSet {
  const target = join(scratch, name);
  const isOlder = (path: string) => path === folder || basename(path) < file;
  cpSync(folder, target, { recursive: true, filter: isOlder });
  return { name, folder: target };
}

describeOnEachDatabase("the move of sources and mirrors", (open) => {
  test("keeps addresses, times, checks and trust", async () => {
    const scratch = mkdtempSync(join(tmpdir(), "enks-move-"));
    try {
      const database = await open([
        before(importMigrations, "0002-move-to-upstreams.sql", scratch),
        before(mirrorMigrations, "0003-move-to-upstreams.sql", scratch),
      ]);
      await database.execute(
        `insert into import_source (name, listing_format, index_url, base_url, region, traveler, header_regions,
           other_entries, allow_private_addresses, from_at, until_at, etag, check_count, check_outcome, reached_at)
         values ('one', 'text-index', 'http://a/index', 'http://a', 'XX', false, '{XX}', '{a.txt}', true, 5, 9, 'e', 3, 'listed', 7),
                ('two', 'text-index', 'http://b/index', 'http://b', 'YY', true, '{YY}', '{}', false, 6, null, null, 0, null, null)`,
        [],
      );
      await database.execute(
        `insert into import_trusted_key (source_id, key_id, key_version, public_key_pem, from_at, until_at, added_at)
         select id, name, 'v1', 'pem-' || name, 0, null, 4 from import_source`,
        [],
      );
      await database.execute(
        `insert into mirror (name, location, method, index_url, base_url, region, max_records, allow_private_addresses,
           from_at, until_at, next_position) values ('m', 'client', 'copy', 'http://n/index', 'http://n', 'US', 9, true, 1, 2, 8)`,
        [],
      );
      await database.execute(
        `insert into mirror_trusted_key (mirror_id, key_id, key_version, public_key_pem, from_at, until_at)
         select id, 'm', 'v2', 'pem-m', 3, 4 from mirror`,
        [],
      );

      expect(await migrate(database, ALL, CLOCK)).toEqual(
        expect.arrayContaining(["import/0002-move-to-upstreams.sql", "mirror/0003-move-to-upstreams.sql"]),
      );

      const sources = await readCheckedSources(database.db, null);
      expect(sources).toMatchObject([
        {
          source: { name: "one", indexUrl: "http://a/index", otherEntries: ["a.txt"], from: 5, until: 9, region: "XX" },
          check: { etag: "e", checkCount: 3, outcome: "listed", reachedAt: 7 },
        },
        { source: { name: "two", baseUrl: "http://b", until: null, traveler: true }, check: { outcome: null } },
      ]);
      // What is stored names suppliers by the numbers of their sources.
      expect(sources.map(({ source }) => source.supplier)).toEqual(
        sources.map(({ source: { id, name } }) => ({ id, name, formerIds: [] })),
      );
      expect(await ensureSupplier(database.db, "three")).toBeGreaterThan(2);
      const [mirror] = await readMirrors(database.db);
      expect(mirror).toMatchObject({ name: "m", indexUrl: "http://n/index", from: 1, until: 2, nextPosition: 8 });
      const ids = [...sources.map(({ source }) => source.upstreamId), mirror?.upstreamId ?? 0];
      expect(new Set(ids).size).toBe(3);
      const trusted = await readTrusted(database.db, ids);
      expect(ids.map((id) => trusted.get(id)?.map(({ publicKeyPem }) => publicKeyPem))).toEqual([
        ["pem-one"],
        ["pem-two"],
        ["pem-m"],
      ]);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });

  test("makes skips of lines that were passed by, and counts what was taken without them", async () => {
    const scratch = mkdtempSync(join(tmpdir(), "enks-skips-"));
    try {
      const older = before(mirrorMigrations, "0004-skips-move-to-upstreams.sql", scratch);
      const database = await open([upstreamMigrations, importMigrations, older]);
      await database.execute(
        `insert into upstream (listing_format, index_url, base_url, other_entries, allow_private_addresses, from_at)
         values ('text-index', 'http://n/index', 'http://n', '{}', false, 0)`,
        [],
      );
      await database.execute(
        `insert into mirror (upstream_id, name, location, method, region, max_records, next_position, target_position)
         select id, 'm', 'client', 'copy', 'US', 9, 6, 7 from upstream`,
        [],
      );
      const taken = ["a", "b", "c", "d", "e"].map(
        (line, at) => `(${at + 1}, '${line}', ${"bd".includes(line) ? "'lost'" : "null"})`,
      );
      await database.execute(
        `insert into mirror_archive (mirror_id, position, line, passed_by, digest, end_at, taken_at, primaries, revised,
           left_out, refused)
         select mirror.id, position, line, passed_by, '', 5, 8, 0, 0, 0, 0
         from mirror, (values ${taken.join(", ")}) as taken (position, line, passed_by)`,
        [],
      );
      await migrate(database, ALL, CLOCK);
      const [overview] = await readMirrorOverviews(database.db, null);
      expect(overview).toMatchObject({ mirror: { nextPosition: 4 }, targetPosition: 5, skippedLines: 2 });
      const { id, upstreamId } = overview?.mirror ?? { id: 0, upstreamId: 0 };
      const archives = await readHandedOver(database.db, id, null, 9);
      expect(archives.map(({ position, line }) => [position, line])).toEqual([
        [3, "e"],
        [2, "c"],
        [1, "a"],
      ]);
      const skip = { reason: "lost", skippedAt: 8, skippedBy: null, undoneAt: null };
      expect(await readSkipPage(database.db, upstreamId, null, 9)).toMatchObject([
        { line: "d", ...skip },
        { line: "b", ...skip },
      ]);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});
