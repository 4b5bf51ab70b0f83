// The SQL on import_source: each source together with the server that it follows.

import { type Generated, type Selectable, sql } from "kysely";
import type { Db } from "../../../platform/database/database.ts";
import { insertUpstream, readUpstream, readUpstreams } from "../../upstreams/queries.ts";
import { ensureSupplier } from "../../upstreams/supplier-queries.ts";
import type { ListingCheck, Supplier, Upstream } from "../../upstreams/upstream-types.ts";
import type { ImportSource } from "../import-types.ts";

interface SourceRow {
  id: Generated<number>;
  upstream_id: number;
  name: string;
  region: string;
  traveler: boolean;
  header_regions: string[];
}

const sources = (db: Db) => db.withTables<{ import_source: SourceRow }>();

export type NewSourceRow = Omit<ImportSource, "id" | "upstreamId" | "supplier" | "finalLookAt" | "endedAt" | "givenUp">;

/** A listing of the supplier named `supplierName`, old or new; null, and nothing is written, when the name is taken. */
export async function insertSource(tx: Db, source: NewSourceRow, supplierName: string): Promise<ImportSource | null> {
  if ((await readSource(tx, source.name)) !== null) return null;
  const upstreamId = await insertUpstream(tx, source, await ensureSupplier(tx, supplierName));
  const { id } = await sources(tx)
    .insertInto("import_source")
    .values({
      upstream_id: upstreamId,
      name: source.name,
      region: source.region,
      traveler: source.traveler,
      header_regions: [...source.headerRegions],
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const { upstream } = await readUpstream(tx, upstreamId);
  return { id, ...upstream, ...source, supplier: supplierOf(upstream) };
}

export async function readSources(db: Db): Promise<ImportSource[]> {
  const rows = await sources(db).selectFrom("import_source").selectAll().orderBy("id").execute();
  return (await withUpstreams(db, rows)).map(({ source }) => source);
}

export async function readSource(db: Db, name: string): Promise<ImportSource | null> {
  const rows = await sources(db).selectFrom("import_source").selectAll().where("name", "=", name).execute();
  const [found] = await withUpstreams(db, rows);
  return found?.source ?? null;
}

/**
 * Makes everything that changes archives of one source happen one after the other, until the transaction ends. Answers
 * the source as it is and stays until then.
 */
export async function lockSource(tx: Db, sourceId: number): Promise<ImportSource> {
  const query = sources(tx).selectFrom("import_source").selectAll().where("id", "=", sourceId).forUpdate();
  const row = await query.executeTakeFirstOrThrow();
  return sourceOf(row, (await readUpstream(tx, row.upstream_id)).upstream);
}

export interface CheckedSource {
  readonly source: ImportSource;
  readonly check: ListingCheck;
}

/** All sources or the one of this id, by name, each with its last check. */
export async function readCheckedSources(db: Db, sourceId: number | null): Promise<CheckedSource[]> {
  let query = sources(db).selectFrom("import_source").selectAll().orderBy(sql`name collate "C"`);
  if (sourceId !== null) query = query.where("id", "=", sourceId);
  return withUpstreams(db, await query.execute());
}

/** Writes what of it may change; the server that it follows is written by itself. */
export async function updateSource(tx: Db, source: ImportSource): Promise<void> {
  await sql`
    update import_source set header_regions = ${source.headerRegions}, traveler = ${source.traveler}
    where id = ${source.id}`.execute(tx);
}

async function withUpstreams(db: Db, rows: readonly Selectable<SourceRow>[]): Promise<CheckedSource[]> {
  const found = await readUpstreams(
    db,
    rows.map((row) => row.upstream_id),
  );
  return rows.flatMap((row) => {
    const checked = found.get(row.upstream_id);
    return checked === undefined ? [] : [{ source: sourceOf(row, checked.upstream), check: checked.check }];
  });
}

function sourceOf(row: Selectable<SourceRow>, upstream: Upstream): ImportSource {
  const { id, name, region, traveler, header_regions: headerRegions } = row;
  return { ...upstream, id, name, region, traveler, headerRegions, supplier: supplierOf(upstream) };
}

function supplierOf({ supplier }: Upstream): Supplier {
  if (supplier === null) throw new Error("a source is a listing of a supplier");
  return supplier;
}
