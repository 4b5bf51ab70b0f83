// Records what becomes of the objects of a store, so that its trees can be judged afterwards.
//
// The recorder stands next to the store. Faults are injected outside of it: a write that the caller believes lost but
// that was made is recorded, one that was never made is not.

import { createHash } from "node:crypto";
import type { Clock, UnixSeconds } from "../../core/clock.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import type { IndexState, ObservedTree } from "./observed.ts";
import type { ArchiveContent, ObservedArchive } from "./observed-archive.ts";
import { readCacheSeconds } from "./read-cache-seconds.ts";
import { readObservedContent } from "./read-observed-content.ts";

export interface BlobRecorder {
  /** The store to hand on to the server, and to whatever disturbs it. */
  readonly blobs: BlobStore;
  /** What has been seen of one tree so far; archives are read when their content is asked for, and once. */
  observeTree(facts: TreeFacts): ObservedTree;
}

export interface TreeFacts extends Omit<ObservedTree, "indexes" | "archives"> {
  /** Of all its objects, with its final slash: what a line is appended to. */
  readonly prefix: string;
  /** The object name of the index. */
  readonly indexName: string;
}

interface ObjectState {
  readonly name: string;
  readonly at: UnixSeconds;
  /** null: deleted. */
  readonly bytes: Uint8Array | null;
  readonly cacheControl: string;
}

/** `store` has to be empty, and nobody may change it but through the recorder. The instants are those of `clock`. */
export function recordBlobs(store: BlobStore, clock: Clock): BlobRecorder {
  const states: ObjectState[] = [];
  const standing = new Set<string>();
  const contents = new Map<string, ArchiveContent | null>();

  const blobs: BlobStore = {
    async put(name, bytes, options) {
      const version = await store.put(name, bytes, options);
      states.push({ name, at: clock.now(), bytes: bytes.slice(), cacheControl: options.cacheControl });
      standing.add(name);
      return version;
    },
    async delete(name) {
      await store.delete(name);
      if (standing.delete(name)) states.push({ name, at: clock.now(), bytes: null, cacheControl: "" });
    },
    get: (name) => store.get(name),
    stat: (name) => store.stat(name),
    read: (name, stat, range) => store.read(name, stat, range),
    list: (prefix) => store.list(prefix),
  };

  return {
    blobs,
    observeTree({ prefix, indexName, ...facts }) {
      const isArchive = ({ name }: ObjectState) => name.startsWith(prefix) && name.endsWith(".zip");
      return {
        ...facts,
        indexes: states.filter(({ name }) => name === indexName).map(indexStateOf),
        archives: archivesOf(states.filter(isArchive), prefix, contents),
      };
    },
  };
}

function indexStateOf({ at, bytes, cacheControl }: ObjectState): IndexState {
  return { at, body: bytes, cacheSeconds: readCacheSeconds(cacheControl) };
}

/** A second put of the same bytes changes nothing; one of other bytes ends the archive that stood under the name. */
function archivesOf(
  states: readonly ObjectState[],
  prefix: string,
  contents: Map<string, ArchiveContent | null>,
): ObservedArchive[] {
  const archives: (ObservedArchive & { deletedAt: UnixSeconds | null })[] = [];
  const standing = new Map<string, (typeof archives)[number]>();
  for (const { name, at, bytes } of states) {
    const before = standing.get(name);
    const sha256Hex = bytes === null ? null : createHash("sha256").update(bytes).digest("hex");
    if (before?.sha256Hex === sha256Hex) continue;
    if (before !== undefined) before.deletedAt = at;
    standing.delete(name);
    if (bytes === null || sha256Hex === null) continue;
    const archive = {
      line: name.slice(prefix.length),
      putAt: at,
      deletedAt: null,
      sha256Hex,
      get content() {
        const known = contents.get(sha256Hex);
        if (known !== undefined) return known;
        const content = readObservedContent(bytes);
        contents.set(sha256Hex, content);
        return content;
      },
    };
    archives.push(archive);
    standing.set(name, archive);
  }
  return archives;
}
