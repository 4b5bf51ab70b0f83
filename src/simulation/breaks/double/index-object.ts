// The index of a tree as an object in the store: written when its text changes.

import type { BlobStore } from "../../../platform/blobs/blob-store.ts";
import { headersOf } from "../../../platform/blobs/object-headers.ts";
import type { Has } from "./defect.ts";

export interface IndexObject {
  /** One line for each archive, LF between them and nothing else (DB I11). */
  write(lines: readonly string[]): Promise<void>;
  delete(): Promise<void>;
  /** From now on it begins with a blank line. */
  addBlankLine(): void;
}

export function createIndexObject(name: string, blobs: BlobStore, has: Has): IndexObject {
  let written: string | null = null;
  let firstLines: readonly string[] = [];
  const headers = headersOf(name);
  const cacheControl = has("index-cached-for-a-day") ? "public, max-age=86400" : headers.cacheControl;

  function render(lines: readonly string[]): string {
    const text = [...firstLines, ...lines].join("\n");
    return has("final-newline") ? `${text}\n` : text;
  }

  async function put(text: string): Promise<void> {
    await blobs.put(name, new TextEncoder().encode(text), { ...headers, cacheControl });
  }

  return {
    async write(lines) {
      const text = render(lines);
      if (text === written) return;
      if (has("index-written-in-place") && written !== null) await put(text.slice(0, text.length / 2));
      await put(text);
      written = text;
    },
    async delete() {
      await blobs.delete(name);
      written = null;
    },
    addBlankLine: () => {
      firstLines = [""];
    },
  };
}
