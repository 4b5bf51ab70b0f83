// What a source serves and what of it may have been imported, in a few maps.

import { createHash } from "node:crypto";
import { ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { namesOf } from "../support/index-follower.ts";
import { makeKeys } from "../support/location-world.ts";
import { buildSample, type SampleSigner } from "../support/sample-archives.ts";

export type SignerName = "known" | "unknown";
export type Spoiled = "cut" | "page" | "gone" | "forbidden" | "away";
export type IndexAnswer = "right" | "empty" | "old" | "page" | "away" | "gone";

/** One archive as it was signed once. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly signer: SignerName;
  readonly primaries: readonly string[];
  /** Keys of the archive before it, confirmed here. */
  readonly confirmed: readonly string[];
}

export interface Served {
  readonly number: number;
  version: number;
  content: Content;
  /** What is answered in place of the content. */
  spoiled: Spoiled | null;
}

export const REASONS: Readonly<Record<Spoiled, string>> = {
  cut: "archive_zip_damaged",
  page: "archive_html",
  gone: "archive_missing",
  forbidden: "archive_forbidden",
  away: "archive_unavailable",
};
const UNTRUSTED = "archive_untrusted";

export class ImportModel {
  readonly served = new Map<string, Served>();
  /** In the order of the index. */
  listed: string[] = [];
  index: IndexAnswer = "right";
  readonly trusted = new Map<SignerName, boolean>([
    ["known", true],
    ["unknown", false],
  ]);
  /** Every content there ever was, by digest. */
  readonly contents = new Map<string, Content>();
  /** Lines that an index named while it was read. */
  readonly discovered = new Set<string>();
  /** Why an archive may have been refused so far, by line. */
  readonly reasons = new Map<string, Set<string>>();
  /** Digests of what was imported. */
  readonly imported = new Set<string>();
  secondsPassed = 0;

  /** What the index lists now; null where it cannot be read. */
  get lines(): readonly string[] | null {
    if (this.index === "right") return this.listed;
    if (this.index === "old") return this.listed.slice(0, Math.ceil(this.listed.length / 2));
    return this.index === "empty" ? [] : null;
  }

  noteDiscovery(): void {
    for (const line of this.lines ?? []) this.discovered.add(line);
  }

  /** Before an import: each archive that is known may be refused for what is wrong with it now. */
  noteReasons(): void {
    for (const line of this.discovered) {
      const reason = this.reasonOf(line);
      if (reason !== null) this.reasons.set(line, (this.reasons.get(line) ?? new Set()).add(reason));
    }
  }

  /** Why the archive would be refused now; null when it would be taken. */
  reasonOf(line: string): string | null {
    const served = this.served.get(line);
    if (served === undefined) return REASONS.gone;
    if (served.spoiled !== null) return REASONS[served.spoiled];
    return this.trusted.get(served.content.signer) ? null : UNTRUSTED;
  }

  /** The report type of each key that has to be in the database, by key data in hex. */
  expectedKeys(): Map<string, number> {
    const contents = [...this.imported].map((digest) => this.contents.get(digest)).filter((one) => one !== undefined);
    const confirmed = new Set(contents.flatMap((content) => content.confirmed));
    const primaries = contents.flatMap((content) => content.primaries);
    return new Map(primaries.map((hex) => [hex, confirmed.has(hex) ? ReportType.confirmed : ReportType.likely]));
  }
}

/** The archive `number`: keys of its own, one more with each version, and one key of the archive before it confirmed. */
export async function makeContent(
  { signer, name }: { signer: SampleSigner; name: SignerName },
  number: number,
  version: number,
): Promise<Content> {
  const primaries = makeKeys(number * 100, 2 + version, { reportType: ReportType.likely });
  const revised = number === 0 ? KeyBatch.empty : makeKeys((number - 1) * 100, 1, { reportType: ReportType.confirmed });
  const bytes = await buildSample([signer], { primaries, revised, region: "XX" });
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { bytes, digest, signer: name, primaries: namesOf(primaries), confirmed: namesOf(revised) };
}
