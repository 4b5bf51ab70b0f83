// A published tree of a double: archives in order, a text index, removal in the safe order (DB I1 to I5).

import type { UnixSeconds } from "../../../core/clock.ts";
import type { ExposureKey } from "../../../core/exposure-key.ts";
import type { Random } from "../../../core/random.ts";
import type { BlobStore } from "../../../platform/blobs/blob-store.ts";
import { headersOf } from "../../../platform/blobs/object-headers.ts";
import { compactKeys } from "./compact-keys.ts";
import type { Has } from "./defect.ts";
import { createKeyFilter } from "./filter-keys.ts";
import { createIndexObject } from "./index-object.ts";
import { padKeys } from "./pad-keys.ts";
import { type Named, placeArchive, type Window } from "./place-archive.ts";
import { type ArchivePlan, type DoubleSeal, sealArchive } from "./seal-archive.ts";
import type { WindowKeys } from "./shelf.ts";
import { T } from "./timeline.ts";

export interface TreeOptions {
  readonly name: string;
  readonly region: string;
  readonly minRecords: number;
  readonly retentionSeconds: number;
  readonly graceSeconds: number;
  /** Another tree of the server has files of the same names. */
  readonly isSecondOfNames: boolean;
  /** Hears of every key that is made up. */
  readonly onGenerated: (key: ExposureKey) => void;
  readonly blobs: BlobStore;
  readonly random: Random;
  readonly has: Has;
}

/** One line of the index. */
export interface TreeLine extends WindowKeys, Window, Pick<Named, "supplier"> {
  readonly line: string;
  readonly addedAt: UnixSeconds;
  readonly bytes: Uint8Array;
}

export interface Supply extends WindowKeys, Named {
  /** Takes the keys that are made up as padding; without it there is none, as where another's archives are repeated. */
  readonly keepGenerated?: (key: ExposureKey) => void;
  /** Instead of the tree's own. */
  readonly seal?: DoubleSeal;
  /** Instead of behind all others. */
  readonly position?: number;
}

export interface DoubleTree {
  readonly lines: readonly TreeLine[];
  /** Publishes what is new; throws where no seal is in force. */
  append(supply: Supply, now: UnixSeconds): Promise<void>;
  /** Takes lines off the head, and archives whose lines are gone for long enough. */
  expire(now: UnixSeconds): Promise<void>;
  /** null: between two seals nothing can be published. */
  setSeal(seal: DoubleSeal | null): void;
  /** Everything listed comes anew under the seal in force, in few archives (DB I16, I22). */
  restart(now: UnixSeconds): Promise<void>;
  /** Puts other lines into the index, or none where `change` answers null. */
  replaceLines(change: (line: TreeLine) => TreeLine | null, now: UnixSeconds): Promise<void>;
  /** Deletes everything. */
  close(): Promise<void>;
}

const RESTART_ARCHIVES = 4;

export function createTree(options: TreeOptions): DoubleTree {
  const { name, region, blobs, has, retentionSeconds, graceSeconds } = options;
  const filter = createKeyFilter();
  const index = createIndexObject(`${name}/index.txt`, blobs, has);
  let lines: TreeLine[] = [];
  let seal: DoubleSeal | null = null;
  let lastEnd = 0;
  /** Archives without a line, in order. */
  const dropped: { readonly line: string; readonly at: UnixSeconds }[] = [];
  const unstored: TreeLine[] = [];
  let removes = true;

  const writeIndex = () => index.write(lines.map(({ line }) => line));
  const store = ({ line, bytes }: TreeLine) => blobs.put(`${name}/${line}`, bytes, headersOf(line));
  const remove = (line: string) => blobs.delete(`${name}/${line}`);

  async function add(supply: Supply, now: UnixSeconds): Promise<void> {
    const { primaries, revised, supplier } = supply;
    const signing = supply.seal ?? seal;
    if (signing === null && !has("unsigned-archives")) throw new Error(`no seal of ${name} is in force`);
    const { line, ...window } = placeArchive(supply, lastEnd, has);
    const bytes = await sealArchive({ ...window, region, primaries, revised, ...signedBy(signing, now, has) });
    const added = { ...window, line, primaries, revised, supplier, addedAt: now, bytes };
    if (has("index-before-archives")) unstored.push(added);
    else await store(added);
    lines.splice(supply.position ?? lines.length, 0, added);
    if (has("shuffled-windows")) lines.sort((a, b) => a.start - b.start);
    lastEnd = Math.max(lastEnd, window.end);
    filter.remember(added);
  }

  async function append(supply: Supply, now: UnixSeconds): Promise<void> {
    const wanted = has("no-filter") ? supply : filter.keepNew(supply);
    if (wanted.primaries.length + wanted.revised.length === 0) return;
    if (options.isSecondOfNames && has("equal-names-forgotten")) lines = [];
    if (supply.supplier === "mirror" && has("own-lines-dropped-at-switch")) {
      lines = lines.filter(({ supplier }) => supplier === "mirror");
    }
    const minRecords = supply.keepGenerated === undefined ? 0 : options.minRecords;
    const padded = padKeys({ ...wanted, minRecords, random: options.random, has });
    for (const key of padded.generated) options.onGenerated(key);
    await add({ ...supply, primaries: padded.primaries, revised: wanted.revised }, now);
    // Only now, so that an archive which was not made leaves no trace.
    for (const key of padded.kept) supply.keepGenerated?.(key);
    await writeIndex();
  }

  async function expire(now: UnixSeconds): Promise<void> {
    for (const line of unstored.splice(0)) await store(line);
    await removeDropped(now);
    const kept = has("retention-halved") ? retentionSeconds / 2 : retentionSeconds;
    const due = lines.filter(({ addedAt }) => addedAt + kept <= now);
    if (due.length === 0) return;
    if (has("index-deleted-before-files")) await index.delete();
    lines = lines.filter((line) => !due.includes(line));
    dropped.push(...due.map(({ line }) => ({ line, at: now })));
    // What fails here leaves the index for the next run.
    if (!has("files-deleted-before-index")) await writeIndex();
    await removeDropped(now);
  }

  async function removeDropped(now: UnixSeconds): Promise<void> {
    const hasNoGrace = has("no-grace") || has("files-deleted-before-index");
    while (removes && dropped[0] !== undefined && dropped[0].at + (hasNoGrace ? 0 : graceSeconds) <= now) {
      try {
        await remove(dropped[0].line);
      } catch (error) {
        if (has("one-failed-deletion-stops-all")) removes = false;
        if (!has("failed-deletion-leaves-blank-line")) throw error;
        index.addBlankLine();
      }
      dropped.shift();
    }
  }

  async function restart(now: UnixSeconds): Promise<void> {
    const old = lines;
    lines = [];
    for (const keys of compactKeys(old, has("back-log-not-compacted") ? old.length : RESTART_ARCHIVES)) {
      await add({ ...keys, start: now, end: now + 1, supplier: "own" }, now);
    }
    await writeIndex();
    dropped.push(...old.map(({ line }) => ({ line, at: now })));
  }

  async function replaceLines(change: (line: TreeLine) => TreeLine | null, now: UnixSeconds): Promise<void> {
    const changes = lines.map((line) => ({ line, next: change(line) }));
    for (const { line, next } of changes) {
      if (next !== null && next !== line) await store(next);
      if (next?.line !== line.line) dropped.push({ line: line.line, at: now });
    }
    lines = changes.flatMap(({ next }) => next ?? []);
    await writeIndex();
  }

  return {
    get lines() {
      return lines;
    },
    append,
    expire,
    setSeal: (next) => {
      seal = next;
    },
    restart,
    replaceLines,
    async close() {
      await index.delete();
      for (const { line } of [...dropped, ...lines]) await remove(line);
    },
  };
}

/** Who signs, and who is named in export.bin (DB I26). */
function signedBy(seal: DoubleSeal | null, now: UnixSeconds, has: Has): Pick<ArchivePlan, "infos" | "seals" | "batch"> {
  if (seal === null) return { infos: [], seals: [] };
  const signed = { infos: [seal.info], seals: [seal] };
  const second = { ...seal, info: { ...seal.info, keyVersion: "second" } };
  if (has("double-signature")) return { ...signed, seals: [seal, second] };
  if (has("batch-in-two-parts") && now >= T.oddArchives) return { ...signed, batch: { number: 1, size: 2 } };
  return signed;
}
