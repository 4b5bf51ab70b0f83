// A tree that another program wrote, in a folder or behind a URL: its index, and whether an object is there.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_LISTING_FORMAT, readLines } from "../../archive/listing/listing-reader.ts";
import { CodedError } from "../../core/coded-error.ts";
import { readInput } from "../archive/read-input.ts";

export type ProposalErrorCode = "tree_unclear";

export interface ForeignTree {
  /** Object name of the index. */
  readonly indexObject: string;
  readonly lines: readonly string[];
  readonly has: (objectName: string) => Promise<boolean>;
}

const MOST_INDEX_BYTES = 1024 * 1024;
const TIMEOUT_MILLISECONDS = 30_000;

/** `where`: the folder that is the root of the objects or a copy of it, or the URL of the index. */
export function readForeignTree(where: string, fetchFrom: typeof fetch): Promise<ForeignTree> {
  return /^https?:\/\//i.test(where) ? readPublishedTree(where, fetchFrom) : readTreeInFolder(where);
}

/** The one file in it that is called index.txt; links are not followed. */
async function readTreeInFolder(folder: string): Promise<ForeignTree> {
  const indexes = await findIndexes(folder);
  const [indexObject] = indexes;
  if (indexObject === undefined) throw unclear(`there is no file index.txt in ${folder}`);
  if (indexes.length > 1) {
    throw unclear(`there are several indexes in ${folder}: ${indexes.slice(0, 10).join(", ")}`);
  }
  const bytes = await readInput(join(folder, indexObject), MOST_INDEX_BYTES);
  return {
    indexObject,
    lines: readLines(DEFAULT_LISTING_FORMAT, { bytes, contentType: null }),
    has: (name) =>
      stat(join(folder, name)).then(
        (found) => found.isFile(),
        () => false,
      ),
  };
}

async function findIndexes(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name === "index.txt")
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(join(folder, "x").length - 1)
          .replaceAll("\\", "/"),
      )
      .sort();
  } catch (cause) {
    throw unclear(`the folder ${folder} cannot be read`, cause);
  }
}

/** Names are those of the URL's path, as they will be below `publicUrl`. */
async function readPublishedTree(indexUrl: string, fetchFrom: typeof fetch): Promise<ForeignTree> {
  const request = (url: URL, method: string) =>
    fetchFrom(url, { method, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
  const url = new URL(indexUrl);
  try {
    const answer = await request(url, "GET");
    if (!answer.ok) throw unclear(`${indexUrl} answers with status ${answer.status}`);
    const bytes = new Uint8Array(await answer.arrayBuffer()).subarray(0, MOST_INDEX_BYTES);
    return {
      indexObject: decodeURIComponent(url.pathname.slice(1)),
      lines: readLines(DEFAULT_LISTING_FORMAT, { bytes, contentType: answer.headers.get("content-type") }),
      async has(name) {
        const found = await request(new URL(`/${name}${url.search}`, url), "HEAD");
        return found.ok;
      },
    };
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw unclear(`${indexUrl} cannot be fetched`, cause);
  }
}

function unclear(message: string, cause?: unknown): CodedError {
  return new CodedError<ProposalErrorCode>("tree_unclear", message, {
    cause,
    remedy: "Give the root of the objects or the URL of the index; or --index-object, --base-prefix and --line-prefix.",
  });
}
