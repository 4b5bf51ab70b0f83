// A follower of one published tree that forgets nothing and complains about everything that some phone would not forgive.

import { parseArchiveName } from "../../src/archive/archive-name.ts";
import type { TrustedKey, VerifiedArchive } from "../../src/archive/archive-types.ts";
import { readIndexText, writeIndexText } from "../../src/archive/index-text.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { openArchive } from "../../src/archive/open-archive.ts";
import { codeOf } from "../../src/core/coded-error.ts";
import type { ExposureKey } from "../../src/core/exposure-key.ts";
import type { KeyBatch } from "../../src/core/key-batch.ts";
import type { BlobStore } from "../../src/platform/blobs/blob-store.ts";

export interface FollowedArchive extends VerifiedArchive {
  readonly line: string;
}

export class IndexFollower {
  /** Every archive ever seen, in the order of the index. */
  readonly archives: FollowedArchive[] = [];
  /** What was wrong, in words; empty when all is well. */
  readonly problems: string[] = [];
  /** The lines of the last check. */
  lines: readonly string[] = [];
  private readonly blobs: BlobStore;
  private readonly tree: string;
  private readonly trustedKeys: readonly TrustedKey[];
  private readonly primaries = new Set<string>();
  /** Line -> version of the object that was found good. */
  private readonly versions = new Map<string, string>();
  private latestEnd = 0;

  /** `tree` is the folder with `index.txt` and the archives. */
  constructor(blobs: BlobStore, tree: string, trustedKeys: readonly TrustedKey[]) {
    this.blobs = blobs;
    this.tree = tree;
    this.trustedKeys = trustedKeys;
  }

  /** One that has seen the same, and goes on by itself. */
  copy(): IndexFollower {
    const other = new IndexFollower(this.blobs, this.tree, this.trustedKeys);
    other.archives.push(...this.archives);
    other.problems.push(...this.problems);
    other.lines = this.lines;
    for (const hex of this.primaries) other.primaries.add(hex);
    for (const [line, version] of this.versions) other.versions.set(line, version);
    other.latestEnd = this.latestEnd;
    return other;
  }

  /** Reads the index, judges what became of it, and takes the archives that are new. */
  async check(): Promise<this> {
    const index = await this.blobs.get(`${this.tree}/index.txt`);
    if (index === null) {
      if (this.lines.length > 0) this.problems.push("the index is gone");
      return this;
    }
    const lines = readIndexText(new TextDecoder().decode(index.bytes));
    this.judgeLines(lines, new TextDecoder().decode(index.bytes));
    for (const line of lines) await this.take(line);
    this.lines = lines;
    return this;
  }

  /** Whether the key, in hex, came as a primary. */
  sawPrimary(keyHex: string): boolean {
    return this.primaries.has(keyHex);
  }

  /** Key data in hex and the values in force, as a phone holds them that took everything. */
  get keys(): Map<string, ExposureKey> {
    const keys = new Map<string, ExposureKey>();
    for (const { primaries, revised } of this.archives) {
      for (const [at, key] of [...primaries].entries()) keys.set(primaries.keyHex(at), key);
      for (const [at, key] of [...revised].entries()) keys.set(revised.keyHex(at), key);
    }
    return keys;
  }

  private judgeLines(lines: readonly string[], text: string): void {
    if (lines.length === 0) this.problems.push("I4: the index is empty");
    const kept = this.lines.filter((line) => lines.includes(line));
    const isTail = kept.every((line, at) => line === this.lines[this.lines.length - kept.length + at]);
    if (!isTail || kept.some((line, at) => line !== lines[at])) this.problems.push(`I1: lines moved: ${lines.join()}`);
    // An index that another program wrote stays as it is until the first line of ours.
    const isNew = lines.length !== this.lines.length || lines.some((line, at) => line !== this.lines[at]);
    if (isNew && this.lines.length > 0 && text !== writeIndexText(lines)) this.problems.push("I11: the text's form");
  }

  private async take(line: string): Promise<void> {
    const blob = await this.blobs.get(`${this.tree}/${line}`);
    if (blob === null) return void this.problems.push(`I3: ${line} is listed but missing`);
    if (this.versions.get(line) === blob.version) return;
    const earlier = this.archives.find((archive) => archive.line === line);
    try {
      const archive = await openArchive(blob.bytes, { trustedKeys: this.trustedKeys, now: 0 }, nodeArchiveTools);
      if (earlier && earlier.digest !== archive.digest) this.problems.push(`I7: ${line} changed`);
      if (!earlier) this.add({ ...archive, line });
      this.versions.set(line, blob.version);
    } catch (error) {
      this.problems.push(`I15: ${line} is refused: ${codeOf(error) ?? String(error)}`);
    }
  }

  private add(archive: FollowedArchive): void {
    const { line, header, primaries, revised } = archive;
    const name = parseArchiveName(line);
    if (name && name.start < this.latestEnd) this.problems.push(`I10: ${line} begins before ${this.latestEnd}`);
    this.latestEnd = Math.max(this.latestEnd, header.end, name?.end ?? 0);
    const windowOf = (one: FollowedArchive) => `${one.header.start}-${one.header.end}`;
    if (this.archives.some((one) => windowOf(one) === windowOf(archive)))
      this.problems.push(`I13: ${line} repeats a window`);
    for (const hex of namesOf(primaries)) {
      if (this.primaries.has(hex)) this.problems.push(`I20: ${line} repeats a primary`);
      this.primaries.add(hex);
    }
    const inBoth = new Set(namesOf(primaries)).intersection(new Set(namesOf(revised)));
    if (inBoth.size > 0) this.problems.push(`${line} has an original and its revision`);
    this.archives.push(archive);
  }
}

/** Key data in hex, in the order of the batch. */
export function namesOf(batch: KeyBatch): string[] {
  return Array.from({ length: batch.length }, (_, at) => batch.keyHex(at));
}
