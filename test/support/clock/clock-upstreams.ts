// The other servers of a world with wrong clocks: whose clocks are right, and who say what time it is in every answer.

import { createHash } from "node:crypto";
import { archiveName } from "../../../src/archive/archive-name.ts";
import { buildArchive } from "../../../src/archive/build-archive.ts";
import { writeIndexText } from "../../../src/archive/index-text.ts";
import { nodeArchiveTools } from "../../../src/archive/node-tools.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { ExposureKey } from "../../../src/core/exposure-key.ts";
import { KeyBatch } from "../../../src/core/key-batch.ts";
import { createNetwork, type NetResponse, type Network } from "../../../src/simulation/network/network.ts";
import { makeSigner } from "../sample-archives.ts";

export interface Tree {
  readonly url: string;
  /** As it is trusted elsewhere. */
  readonly trust: {
    readonly keyId: string;
    readonly keyVersion: string;
    readonly publicKeyPem: string;
    readonly from: number;
    readonly until: null;
  };
  /** Lists one more archive, of the moment. */
  list(content: {
    readonly primaries?: readonly ExposureKey[];
    readonly revised?: readonly ExposureKey[];
  }): Promise<void>;
  /** Plain data: what is served. */
  objects: Map<string, Uint8Array>;
  lines: string[];
}

export interface Upstreams {
  readonly network: Network;
  openTree(origin: string, region: string): Tree;
  /** Serves `body` at the origin, whatever is asked for. */
  serve(origin: string, body: () => string): void;
}

export function createUpstreams(truth: Clock): Upstreams {
  const network = createNetwork();
  const answer = (bytes: Uint8Array | undefined, known: string | undefined, contentType: string): NetResponse => {
    const headers = { date: new Date(truth.now() * 1_000).toUTCString() };
    if (bytes === undefined) return { status: 404, headers, bytes: new Uint8Array(0) };
    const etag = `"${createHash("sha256").update(bytes).digest("hex")}"`;
    if (known === etag) return { status: 304, headers: { ...headers, etag }, bytes: new Uint8Array(0) };
    return { status: 200, headers: { ...headers, etag, "content-type": contentType }, bytes };
  };
  return {
    network,
    serve: (origin, body) =>
      network.place(origin, async ({ headers }) =>
        answer(Buffer.from(body()), headers["if-none-match"], "application/json"),
      ),
    openTree(origin, region) {
      const { signer, pem } = makeSigner(`of ${origin}`);
      const tree: Tree = {
        url: origin,
        trust: { keyId: signer.keyId, keyVersion: signer.keyVersion, publicKeyPem: pem, from: 0, until: null },
        objects: new Map(),
        lines: [],
        async list({ primaries = [], revised = [] }) {
          const end = truth.now();
          const line = archiveName(end - 60, end);
          const window = { start: end - 60, end, region };
          const content = { primaries: KeyBatch.from(primaries), revised: KeyBatch.from(revised) };
          const { bytes } = await buildArchive({ ...window, ...content, signers: [signer] }, nodeArchiveTools);
          tree.objects.set(line, bytes);
          tree.lines.push(line);
          tree.objects.set("index.txt", new TextEncoder().encode(writeIndexText(tree.lines)));
        },
      };
      network.place(origin, async ({ url, headers }) => {
        const name = new URL(url).pathname.slice(1);
        const type = name.endsWith(".txt") ? "text/plain" : "application/zip";
        return answer(tree.objects.get(name), headers["if-none-match"], type);
      });
      return tree;
    },
  };
}
