// Which archives may be saved as if they were one, with the same outcome for each key as one after the other.

import type { KeyBatch } from "../../core/key-batch.ts";

interface Content {
  readonly primaries: KeyBatch;
  readonly revised: KeyBatch;
}

/**
 * The archives in their order, in groups: a save takes all primaries of a group before its revised keys. So a group ends
 * before an archive that brings as a primary what an earlier one of the group revises.
 */
export function groupForSaving<T extends Content>(archives: readonly T[]): T[][] {
  const groups: T[][] = [];
  let revisedKeys = new Set<string>();
  for (const [at, archive] of archives.entries()) {
    const previous = archives[at - 1];
    if (previous !== undefined) addKeys(revisedKeys, previous.revised);
    const group = groups.at(-1);
    if (group === undefined || hasAny(archive.primaries, revisedKeys)) {
      groups.push([archive]);
      revisedKeys = new Set();
    } else {
      group.push(archive);
    }
  }
  return groups;
}

function addKeys(names: Set<string>, batch: KeyBatch): void {
  for (let index = 0; index < batch.length; index++) names.add(batch.keyHex(index));
}

function hasAny(batch: KeyBatch, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  for (let index = 0; index < batch.length; index++) if (names.has(batch.keyHex(index))) return true;
  return false;
}
