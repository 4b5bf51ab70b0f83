// Makes one coverage proof over two trees in folders, and tells what it took.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_LIMITS, STRICT_PROFILE } from "../src/archive/archive-types.ts";
import { nodeArchiveTools } from "../src/archive/node-tools.ts";
import { parsePublicKey } from "../src/archive/parse-public-key.ts";
import { withTemporaryFiles } from "../src/cli/migration/temporary-folder.ts";
import { HOUR } from "../src/core/clock.ts";
import { cryptoRandom } from "../src/platform/random/crypto-random.ts";
import type { PublicTree } from "../src/proof/proof-types.ts";
import { proveCoverage } from "../src/proof/prove-coverage.ts";
import { SAMPLE_WINDOW } from "../test/support/sample-archives.ts";

export interface ProofTask {
  readonly folder: string;
  readonly publicKeyPem: string;
  readonly sample: number | null;
}

export interface ProofAnswer {
  readonly verdict: string;
  readonly missing: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

const { folder, publicKeyPem, sample } = JSON.parse(process.argv[2] ?? "") as ProofTask;
const publicKey = parsePublicKey(publicKeyPem, nodeArchiveTools);
const now = SAMPLE_WINDOW.end + 24 * HOUR;

function treeOf(name: string): PublicTree {
  const baseUrl = `https://${name}.example`;
  return {
    name,
    listingFormat: "text-index",
    indexUrl: `${baseUrl}/index.txt`,
    baseUrl,
    trustedKeys: [{ keyId: "999", keyVersion: "v1", publicKey, from: 0, until: null }],
    profile: STRICT_PROFILE,
  };
}

async function fetchFile(url: string): Promise<Uint8Array> {
  const { hostname, pathname } = new URL(url);
  return readFile(join(folder, hostname.replace(".example", ""), pathname));
}

const began = performance.now();
const { report } = await withTemporaryFiles((files) =>
  proveCoverage(
    {
      fetchIndex: async (url) => ({
        bytes: await fetchFile(url),
        contentType: "text/plain",
        maxAgeSeconds: null,
        servedAt: null,
      }),
      fetchArchive: fetchFile,
      archiveTools: nodeArchiveTools,
      limits: { maxIndexBytes: 1_000_000, maxIndexLines: 10_000, archiveLimits: DEFAULT_LIMITS },
      now,
      files,
    },
    {
      state: [treeOf("state")],
      places: [{ name: "nation", trees: [treeOf("nation")] }],
      now,
      planDigest: null,
      lagSeconds: 0,
    },
    sample === null ? null : { archives: sample, random: cryptoRandom },
  ),
);
const answer: ProofAnswer = {
  verdict: report.verdict,
  missing: report.places[0]?.counts.missing ?? Number.NaN,
  seconds: (performance.now() - began) / 1_000,
  peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1_024),
};
process.send?.(answer);
process.disconnect?.();
