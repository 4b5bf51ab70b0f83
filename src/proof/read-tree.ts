// Reads a public tree: its index, then every archive that it lists, each verified.

import type { ArchiveTools, VerifiedArchive } from "../archive/archive-types.ts";
import { readLines } from "../archive/listing/listing-reader.ts";
import { resolveLine } from "../archive/listing/resolve-line.ts";
import { openArchive } from "../archive/open-archive.ts";
import type { UnixSeconds } from "../core/clock.ts";
import { CodedError } from "../core/coded-error.ts";
import type { ProofLimits, ProofProblem, PublicIndex, PublicTree } from "./proof-types.ts";

export interface ReadDeps {
  /** Each answers at most `maxBytes`, and throws a CodedError for whatever else comes. */
  readonly fetchIndex: (url: string, maxBytes: number) => Promise<PublicIndex>;
  readonly fetchArchive: (url: string, maxBytes: number) => Promise<Uint8Array>;
  readonly archiveTools: ArchiveTools;
  readonly limits: ProofLimits;
  /** When the trusted keys have to be valid. */
  readonly now: UnixSeconds;
}

export interface ListedArchive {
  readonly line: string;
  readonly url: string;
}

export interface TreeListing {
  readonly digest: string | null;
  readonly maxAgeSeconds: number | null;
  readonly servedAt: UnixSeconds | null;
  readonly archives: readonly ListedArchive[];
  readonly problems: readonly ProofProblem[];
}

/** The index, its usable lines once each and in their order. A failure is a problem of the answer; nothing is thrown. */
export async function readListing(deps: ReadDeps, tree: PublicTree): Promise<TreeListing> {
  try {
    const fetched = await deps.fetchIndex(tree.indexUrl, deps.limits.maxIndexBytes);
    const lines = [...new Set(readLines(tree.listingFormat, fetched))];
    if (lines.length > deps.limits.maxIndexLines) {
      throw new CodedError("index_too_many_lines", `the index has more than ${deps.limits.maxIndexLines} lines`);
    }
    const { maxAgeSeconds, servedAt } = fetched;
    const digest = (await deps.archiveTools.sha256(fetched.bytes)).toHex();
    return { digest, maxAgeSeconds, servedAt, ...sortLines(tree, lines) };
  } catch (error) {
    const problems = [problemOf(null, error)];
    return { digest: null, maxAgeSeconds: null, servedAt: null, archives: [], problems };
  }
}

function sortLines(tree: PublicTree, lines: readonly string[]): Pick<TreeListing, "archives" | "problems"> {
  const archives: ListedArchive[] = [];
  const problems: ProofProblem[] = [];
  for (const line of lines) {
    const resolved = resolveLine(tree.baseUrl, line);
    if ("url" in resolved) archives.push(resolved);
    else problems.push({ line: resolved.line, code: resolved.refused, message: "the line leads to no archive" });
  }
  return { archives, problems };
}

export type ArchiveReading =
  | { readonly line: string; readonly archive: VerifiedArchive }
  | { readonly line: string; readonly problem: ProofProblem };

/** Fetches and verifies one archive. Never throws a CodedError: it is a problem of the answer. */
export async function readListed(deps: ReadDeps, tree: PublicTree, listed: ListedArchive): Promise<ArchiveReading> {
  const { line, url } = listed;
  try {
    const { archiveLimits } = deps.limits;
    const bytes = await deps.fetchArchive(url, archiveLimits.maxBytes);
    const options = { trustedKeys: tree.trustedKeys, now: deps.now, profile: tree.profile, limits: archiveLimits };
    return { line, archive: await openArchive(bytes, options, deps.archiveTools) };
  } catch (error) {
    return { line, problem: problemOf(line, error) };
  }
}

function problemOf(line: string | null, error: unknown): ProofProblem {
  if (error instanceof CodedError) return { line, code: error.code, message: error.message };
  throw error;
}
