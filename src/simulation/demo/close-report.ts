// Gathers the closing table and the verdicts of a demo.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import { noteGeneratedKeys } from "../observe/note-generated-keys.ts";
import type { UploadTotals } from "../people/uploading-phone.ts";
import { countPhone, sumKinds } from "./count-phones.ts";
import type { DemoOptions, DemoReport, KeyRow } from "./demo-types.ts";
import { judgePhone } from "./judge-phone.ts";
import { judgeWorld } from "./judge-world.ts";
import type { FleetPhone } from "./phone-fleet.ts";
import { CDN_NODES, type World } from "./world.ts";

export interface Closing extends Pick<DemoOptions, "onClosing" | "onTrees"> {
  readonly demo: DemoReport["demo"];
  readonly seed: number;
  readonly startsAt: UnixSeconds;
  readonly fleet: readonly FleetPhone[];
  /** The names of the state's own exports; none where another server wrote the archives. */
  readonly stateExports: readonly string[];
  readonly hasMirror: boolean;
  readonly refusalsExpected: boolean;
}

export async function closeReport(world: World, closing: Closing): Promise<DemoReport> {
  const { generated } = world;
  await noteGeneratedKeys(world.state, generated.state);
  await noteGeneratedKeys(world.nation, generated.nation);
  const allGenerated = generated.state.union(generated.nation);
  const endsAt = world.clock.now();
  await closing.onTrees?.([world.state.blobs, world.nation.blobs]);
  // One after the other: what a phone holds is much.
  const judged = closing.fleet.map(({ kind, follows, recorder }) => {
    const observed = recorder.observe();
    closing.onClosing?.(observed, allGenerated);
    const verdict = judgePhone(kind, observed, world.ledger.entered, allGenerated, endsAt);
    return { kind: kind.name, follows, verdict };
  });
  const phones = judged.map(countPhone);
  const source = await importStatus(world);
  const refused = source?.quarantined.map(({ line, reason }) => ({ line, reason: reason ?? "unknown" })) ?? [];
  const keysDue = [...world.ledger.entered.values()].filter(({ revoked }) => !revoked).length;
  const verdicts = judgeWorld(
    judged.map(({ verdict }) => verdict),
    {
      uploadsFailed: closing.demo === "archives" ? null : world.uploads.failed,
      archivesRefused: refused.length,
      refusalsExpected: closing.refusalsExpected,
      keysDue,
    },
  );
  return {
    demo: closing.demo,
    seed: closing.seed,
    switchedOff: world.switchedOff,
    startsAt: isoTime(closing.startsAt),
    endsAt: isoTime(endsAt),
    uploads: world.uploads,
    keys: await keyRows(world, closing),
    keysDue,
    imported: {
      archives: source?.archives.complete ?? 0,
      refusedArchives: refused.length,
      keys: sumOf(source?.keys.outcomes ?? {}),
      leftOut: definedOf(source?.keys.refusals ?? {}),
    },
    archivesRefusedByImport: refused,
    phones,
    kinds: sumKinds(phones),
    cdn: { nodes: CDN_NODES, ...world.cdn.counts },
    verdicts,
    good: verdicts.every((verdict) => verdict.good),
  };
}

async function importStatus(world: World) {
  const sources = await world.nation.imports.listSources();
  return sources.length === 0 ? null : world.nation.imports.sourceStatus("state");
}

async function keyRows(world: World, closing: Closing): Promise<KeyRow[]> {
  const { generated } = world;
  const rows: KeyRow[] = world.uploads.requests === 0 ? [] : [uploadRow(world.uploads)];
  const entered = [...world.ledger.entered.values()];
  for (const place of [...new Set(entered.map(({ at }) => at))].sort()) {
    const here = entered.filter(({ at }) => at === place);
    const revoked = here.filter((key) => key.revoked).length;
    rows.push({ what: `entered (${place})`, keys: here.length, revised: null, note: `${revoked} revoked` });
  }
  for (const name of closing.stateExports) {
    const totals = await world.state.exports.totals(name);
    rows.push(exportRow(`exported by the state (${name})`, totals));
  }
  const source = await importStatus(world);
  if (source) {
    const { outcomes, refusals } = source.keys;
    const dropped = sumOf(refusals);
    rows.push({
      what: "imported",
      keys: outcomes.inserted ?? 0,
      revised: outcomes.revised ?? 0,
      note: `${source.archives.complete} archives${dropped > 0 ? `, ${dropped} keys left out` : ""}`,
    });
  }
  rows.push(exportRow("exported nationally", await world.nation.exports.totals("national")));
  if (closing.hasMirror) {
    const mirrored = await world.state.mirrors.totals("national");
    rows.push(
      {
        what: "mirrored to the state's phones",
        keys: mirrored.primaries,
        revised: mirrored.revised,
        note: `${mirrored.archives} archives`,
      },
      {
        what: "left out by the mirror",
        keys: mirrored.leftOut,
        revised: null,
        note: "already published there",
      },
    );
  }
  rows.push({
    what: "generated as padding",
    keys: generated.state.size + generated.nation.size,
    revised: null,
    note: `${generated.state.size} state, ${generated.nation.size} nation`,
  });
  return rows;
}

type Counts = Readonly<Partial<Record<string, number>>>;

function sumOf(counts: Counts): number {
  return Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

function definedOf(counts: Counts): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, count]) => (count === undefined ? [] : [[name, count]])),
  );
}

function uploadRow({ keys, revisedKeys, acknowledged, chaff }: UploadTotals): KeyRow {
  const note = `${acknowledged} uploads, ${chaff} chaff`;
  return { what: "uploaded", keys, revised: revisedKeys, note };
}

function exportRow(
  what: string,
  totals: {
    readonly primaries: number;
    readonly revised: number;
    readonly archives: number;
    readonly generated: number;
  },
): KeyRow {
  return {
    what,
    keys: totals.primaries,
    revised: totals.revised,
    note: `${totals.archives} archives, ${totals.generated} padding`,
  };
}
