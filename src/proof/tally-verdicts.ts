// Adds up the verdicts of keys: in all, by archive, and the first few of the bad ones as witnesses.

import type { ArchiveTools } from "../archive/archive-types.ts";
import type { UnixSeconds } from "../core/clock.ts";
import type { KeyBatch } from "../core/key-batch.ts";
import type { ComparedKey, KeyVerdict } from "./compare-keys.ts";
import type { ComparedField } from "./key-values.ts";
import type { ArchiveFacts } from "./proof-types.ts";

/** An archive of the state with keys that the place lacks or has with other values. */
export interface UncoveredArchive {
  readonly tree: string;
  readonly line: string;
  readonly end: UnixSeconds;
  readonly missing: number;
  readonly different: number;
}

export interface Witness {
  /** SHA-256 of the key's bytes, lower-case hex, so that a report holds no key. */
  readonly keyDigest: string;
  readonly tree: string;
  readonly line: string;
  readonly verdict: "missing" | "different";
}

export interface Tally {
  /** Distinct keys of the state. */
  readonly keys: number;
  readonly counts: Readonly<Record<KeyVerdict["verdict"], number>>;
  /** How many keys differ in a field; one key may differ in several. */
  readonly differences: Readonly<Partial<Record<ComparedField, number>>>;
  /** By the end of their window. */
  readonly archives: readonly UncoveredArchive[];
  readonly witnesses: readonly Witness[];
}

const MOST_WITNESSES = 20;

export class TallyBuilder {
  private keys = 0;
  private readonly counts = { covered: 0, withdrawn: 0, expired: 0, on_the_way: 0, missing: 0, different: 0 };
  private readonly differences: Partial<Record<ComparedField, number>> = {};
  private readonly uncovered = new Map<number, { missing: number; different: number }>();
  private readonly witnesses: Witness[] = [];
  private readonly archives: readonly ArchiveFacts[];
  private readonly tools: Pick<ArchiveTools, "sha256AtOnce">;

  /** `archives` are those of the state, by their numbers. */
  constructor(archives: readonly ArchiveFacts[], tools: Pick<ArchiveTools, "sha256AtOnce">) {
    this.archives = archives;
    this.tools = tools;
  }

  add(batch: KeyBatch, { position, archive, verdict }: ComparedKey): void {
    this.keys++;
    this.counts[verdict.verdict]++;
    if (verdict.verdict !== "missing" && verdict.verdict !== "different") return;
    const counts = this.uncovered.get(archive) ?? { missing: 0, different: 0 };
    counts[verdict.verdict]++;
    this.uncovered.set(archive, counts);
    for (const field of verdict.verdict === "different" ? verdict.fields : []) {
      this.differences[field] = (this.differences[field] ?? 0) + 1;
    }
    const facts = this.archives[archive];
    if (facts === undefined || this.witnesses.length >= MOST_WITNESSES) return;
    const keyDigest = this.tools.sha256AtOnce(batch.keyData(position)).toHex();
    this.witnesses.push({ keyDigest, tree: facts.tree, line: facts.line, verdict: verdict.verdict });
  }

  build(): Tally {
    const archives = Array.from(this.uncovered, ([number, counts]) => {
      const { tree = "", line = "", end = 0 } = this.archives[number] ?? {};
      return { tree, line, end, ...counts };
    }).sort((a, b) => a.end - b.end);
    const { keys, counts, differences, witnesses } = this;
    return { keys, counts, differences, archives, witnesses };
  }
}
