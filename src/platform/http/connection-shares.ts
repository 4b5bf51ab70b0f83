// How many connections each listener may have, so that none takes the files that the rest of the process needs.

export interface ConnectionShares {
  readonly publicListener: number;
  readonly adminListener: number;
}

/** For jobs, fetching, connections to PostgreSQL, logs and libraries. */
const RESERVED_FILES = 128;
/** The embedded database keeps the files of its tables open. */
const EMBEDDED_FILES = 640;
/** Of a limit that is too low for it. */
const LARGEST_RESERVED_PART = 0.7;
const MOST_ADMIN = 256;
export const MOST_PUBLIC = 4_000;

/** How many files a process needs besides its connections. */
export function filesReserved(database: "embedded" | "postgres"): number {
  return database === "embedded" ? EMBEDDED_FILES : RESERVED_FILES;
}

/**
 * `fileLimit`: how many files the process may open, null where the system has no such limit; `reserved` are for all else.
 * `wanted`: by a setting.
 */
export function shareConnections(fileLimit: number | null, reserved: number, wanted: number | null): ConnectionShares {
  const limit = fileLimit ?? Number.POSITIVE_INFINITY;
  const free = limit - Math.min(reserved, limit * LARGEST_RESERVED_PART);
  const adminListener = Math.max(1, Math.min(MOST_ADMIN, Math.floor(free / 4)));
  // The object that is sent is a file too, and so is what a slow reader asks for.
  const possible = Math.max(8, Math.floor((free - adminListener) / 2));
  return { publicListener: Math.min(wanted ?? MOST_PUBLIC, possible), adminListener };
}
