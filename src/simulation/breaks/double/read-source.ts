// What the import and the mirror of a double read of another server's tree.

import type { TrustedKey } from "../../../archive/archive-types.ts";
import { readIndexText } from "../../../archive/index-text.ts";
import { openArchive } from "../../../archive/open-archive.ts";
import type { UnixSeconds } from "../../../core/clock.ts";
import type { DeviceFetch } from "../../../device/download.ts";
import { doubleTools } from "./double-tools.ts";
import type { WindowKeys } from "./shelf.ts";

export interface Source {
  /** With its final slash. */
  readonly baseUrl: string;
  readonly fetch: DeviceFetch;
  readonly trustedKeys: readonly TrustedKey[];
}

/** As it was answered; who reads it decides what to make of the status. */
export async function readSourceIndex(source: Source): Promise<{ status: number; lines: string[] }> {
  const { status, bytes } = await source.fetch(`${source.baseUrl}index.txt`);
  return { status, lines: readIndexText(new TextDecoder().decode(bytes)) };
}

export interface SourceArchive extends WindowKeys {
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
}

/** Throws for everything that is not a whole archive under a trusted key. */
export async function readSourceArchive(source: Source, line: string, now: UnixSeconds): Promise<SourceArchive> {
  const { status, bytes } = await source.fetch(source.baseUrl + line);
  if (status !== 200) throw new Error(`${line} was answered with status ${status}`);
  const opened = await openArchive(bytes, { trustedKeys: source.trustedKeys, now, limits: LIMITS }, doubleTools);
  const { start, end } = opened.header;
  return { start, end, primaries: [...opened.primaries], revised: [...opened.revised] };
}

const LIMITS = {
  maxBytes: 200_000,
  maxExportBytes: 100_000,
  maxSignatureBytes: 10_000,
  maxSignatures: 10,
  maxKeys: 10_000,
};
