// Room on the disk of a data folder.

import { statfsSync } from "node:fs";

/** Bytes that are free there; of a folder that is gone nobody can say so, and it is not for want of room. */
export function freeBytesAt(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
