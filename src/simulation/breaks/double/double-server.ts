// One server of a double world: its keys, its health authority, and the trees that it publishes.

import type { Clock } from "../../../core/clock.ts";
import { type Authority, createAuthority } from "./authority.ts";
import type { Has } from "./defect.ts";
import { createShelf, type Shelf } from "./shelf.ts";
import { type DoubleUpload, takeUpload } from "./take-upload.ts";

export interface DoubleServer {
  readonly shelf: Shelf;
  readonly authority: Authority;
  /** False: refused. */
  upload(upload: DoubleUpload): boolean;
}

export function createDoubleServer(clock: Clock, has: Has): DoubleServer {
  const shelf = createShelf();
  const authority = createAuthority(has);
  return { shelf, authority, upload: (upload) => takeUpload(upload, { shelf, authority, has, now: clock.now() }) };
}
