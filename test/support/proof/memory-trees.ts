// Published trees in memory, for proofs: archives by their URLs, and the question that a proof answers about them.

import type { TrustedKey } from "../../../src/archive/archive-types.ts";
import { DEFAULT_LIMITS, STRICT_PROFILE } from "../../../src/archive/archive-types.ts";
import { buildArchive } from "../../../src/archive/build-archive.ts";
import { nodeArchiveTools } from "../../../src/archive/node-tools.ts";
import { CodedError } from "../../../src/core/coded-error.ts";
import type { ExposureKey } from "../../../src/core/exposure-key.ts";
import { KeyBatch } from "../../../src/core/key-batch.ts";
import { seededRandom } from "../../../src/platform/random/seeded-random.ts";
import type { CollectDeps } from "../../../src/proof/collect-trees.ts";
import type { PublicTree } from "../../../src/proof/proof-types.ts";
import { makeSigner } from "../sample-archives.ts";

const HOURS = 3_600;

export interface ArchiveContent {
  readonly line: string;
  /** End of its window; it is four hours long. */
  readonly end: number;
  readonly primaries?: readonly ExposureKey[];
  readonly revised?: readonly ExposureKey[];
}

export class MemoryTrees {
  readonly bodies = new Map<string, Uint8Array>();
  /** URLs in the order in which they were fetched. */
  readonly fetched: string[] = [];
  private readonly signer = makeSigner();

  /** Publishes archives in their order under a name of its own. */
  async publish(name: string, archives: readonly ArchiveContent[], trustedKeys?: TrustedKey[]): Promise<PublicTree> {
    const base = `https://${name}.example`;
    for (const { line, end, primaries = [], revised = [] } of archives) {
      const { bytes } = await buildArchive(
        {
          start: end - 4 * HOURS,
          end,
          region: "XX",
          primaries: KeyBatch.from(primaries),
          revised: KeyBatch.from(revised),
          signers: [this.signer.signer],
        },
        nodeArchiveTools,
      );
      this.bodies.set(`${base}/${line}`, bytes);
    }
    const index = archives.map(({ line }) => `${line}\n`).join("");
    this.bodies.set(`${base}/index.txt`, new TextEncoder().encode(index));
    return {
      name,
      listingFormat: "text-index",
      indexUrl: `${base}/index.txt`,
      baseUrl: base,
      trustedKeys: trustedKeys ?? [this.signer.trustedKey],
      profile: STRICT_PROFILE,
    };
  }

  get publicPem(): string {
    return this.signer.pem;
  }

  readonly random = seededRandom(1);

  deps(now: number): CollectDeps {
    const fetch = async (url: string) => {
      this.fetched.push(url);
      const bytes = this.bodies.get(url);
      if (bytes === undefined) throw new CodedError("archive_missing", `${url} is not there`);
      return bytes;
    };
    return {
      fetchIndex: async (url) => ({
        bytes: await fetch(url),
        contentType: "text/plain",
        maxAgeSeconds: 300,
        servedAt: now,
      }),
      fetchArchive: fetch,
      archiveTools: nodeArchiveTools,
      limits: { maxIndexBytes: 1_000_000, maxIndexLines: 1_000, archiveLimits: DEFAULT_LIMITS },
      now,
      files: memoryFiles(),
    };
  }
}

function memoryFiles(): CollectDeps["files"] {
  const files = new Map<string, Uint8Array[]>();
  return {
    append: async (name, bytes) => {
      files.set(name, [...(files.get(name) ?? []), bytes.slice()]);
    },
    read: async (name) => Buffer.concat(files.get(name) ?? []),
  };
}
