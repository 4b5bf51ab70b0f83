// What a source lists and serves, what of it a mirror has to have taken, and which keys then stand at the location.

import { ReportType } from "../../src/core/exposure-key.ts";
import type { KeyBatch } from "../../src/core/key-batch.ts";
import { namesOf } from "../support/index-follower.ts";

export type IndexAnswer = "right" | "old" | "gap" | "empty" | "page" | "away";
export type Spoiled = "cut" | "page" | "gone" | "away";

export interface Content {
  readonly primaries: KeyBatch;
  /** Keys that are confirmed here. */
  readonly revised: KeyBatch;
}

export interface SourceArchive extends Content {
  readonly line: string;
  readonly bytes: Uint8Array;
  spoiled: Spoiled | null;
}

export class MirrorModel {
  now: number;
  /** By line; what the source has listed at some time. */
  readonly archives = new Map<string, SourceArchive>();
  listed: string[] = [];
  index: IndexAnswer = "right";
  /** Lines handed over, in their order. */
  taken: string[] = [];
  /** What stands at the location. */
  readonly standing: Content[] = [];
  /** A run failed then, and the index may not name all that was handed over. */
  unpublishedSince: number | null = null;
  /** How many keys were named so far. */
  names = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** What the index says now; null where it cannot be read. */
  get lines(): readonly string[] | null {
    if (this.index === "right") return this.listed;
    if (this.index === "old") return this.listed.slice(0, Math.ceil(this.listed.length / 2));
    if (this.index === "gap") return this.listed.filter((_, at) => at !== 1);
    return this.index === "empty" ? [] : null;
  }

  /** The lines that a run has to hand over: up to the first that cannot be had, and none where the source lost some. */
  due(): string[] {
    const { lines, taken } = this;
    if (lines === null) return [];
    const first = taken.findIndex((line) => lines.includes(line));
    const hasLost = taken.slice(Math.max(0, first)).some((line) => !lines.includes(line));
    if (hasLost) return [];
    const waiting = lines.filter((line) => !taken.includes(line));
    const end = waiting.findIndex((line) => this.archives.get(line)?.spoiled !== null);
    return end < 0 ? waiting : waiting.slice(0, end);
  }

  noteTaken(lines: readonly string[]): void {
    this.taken.push(...lines);
    for (const line of lines) {
      const archive = this.archives.get(line);
      if (archive !== undefined) this.standing.push(archive);
    }
  }

  /** Key data in hex with the type in force: confirmed once anybody said so. */
  expectedKeys(): Map<string, number> {
    const confirmed = this.standing.flatMap(({ revised }) => namesOf(revised));
    const likely = this.standing.flatMap(({ primaries }) => namesOf(primaries));
    return new Map([
      ...likely.map((hex) => [hex, ReportType.likely] as const),
      ...confirmed.map((hex) => [hex, ReportType.confirmed] as const),
    ]);
  }
}
