// The resealing mirror of a double: a contiguous prefix of the source, behind what the tree already lists (DB I2).

import type { UnixSeconds } from "../../../core/clock.ts";
import type { Has } from "./defect.ts";
import { readSourceArchive, readSourceIndex, type Source } from "./read-source.ts";
import type { DoubleSeal } from "./seal-archive.ts";
import type { DoubleTree } from "./tree.ts";

export interface MirrorOptions {
  readonly source: Source;
  readonly tree: DoubleTree;
  /** The source's own seal: what its archives carry when nobody seals them anew. */
  readonly sourceSeal: DoubleSeal;
  readonly has: Has;
}

export interface Mirror {
  readonly run: (now: UnixSeconds) => Promise<void>;
}

export function createMirror({ source, tree, sourceSeal, has }: MirrorOptions): Mirror {
  const handedOver = new Set<string>();
  /** Line of the source -> how many lines the tree had when it failed first. */
  const failed = new Map<string, number>();

  async function handOver(name: string, now: UnixSeconds): Promise<void> {
    const archive = await readSourceArchive(source, name, now);
    const position = failed.get(name);
    await tree.append(
      {
        ...archive,
        supplier: "mirror",
        sourceName: name,
        ...(has("unsealed-append") ? { seal: sourceSeal } : {}),
        ...(position === undefined ? {} : { position }),
      },
      now,
    );
    handedOver.add(name);
  }

  return {
    async run(now) {
      const { status, lines } = await readSourceIndex(source);
      if (status !== 200) return;
      if (lines.length === 0) {
        if (has("empty-index-published")) await tree.replaceLines(() => null, now);
        return;
      }
      for (const name of lines) {
        if (handedOver.has(name)) continue;
        if (!has("failed-file-inserted-mid-index")) await handOver(name, now);
        else await handOver(name, now).catch(() => failed.set(name, failed.get(name) ?? tree.lines.length));
      }
    },
  };
}
