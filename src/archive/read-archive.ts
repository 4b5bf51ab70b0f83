// Reads an archive without asking who signed it: for phones, which judge signatures in their own ways, and for inspection.

import { runWithPauses } from "../core/steps.ts";
import type { ArchiveSignature, ArchiveTools, ExportContent } from "./archive-types.ts";
import { decodeExport } from "./decode-export.ts";
import { type ReadOptions, unpackArchive } from "./unpack-archive.ts";

export interface ReadArchive {
  readonly content: ExportContent;
  readonly signatures: readonly ArchiveSignature[];
  /** The signed bytes. */
  readonly exportBin: Uint8Array;
  /** SHA-256 of the zip, lower-case hex. */
  readonly digest: string;
}

/** Everything but trust and batch numbers is checked. Throws CodedError<ArchiveErrorCode>. */
export async function readArchive(bytes: Uint8Array, options: ReadOptions, tools: ArchiveTools): Promise<ReadArchive> {
  const { exportBin, signatures, digest } = await unpackArchive(bytes, options, tools);
  const content = await runWithPauses(decodeExport(exportBin, options.limits, options.profile), tools.letOthersWork);
  return { content, signatures, exportBin, digest };
}
