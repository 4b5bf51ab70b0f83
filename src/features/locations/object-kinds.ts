// How archives and indexes are stored and served (KS 1.11; DB I6, I7).

/** Immutable: a name is never used again. */
export const ARCHIVE_OBJECT = { contentType: "application/zip", cacheControl: "public, max-age=86400" } as const;

/** Every index is short-lived, whoever supplies its archives: a stale one looks like a rollback to phones. */
export const INDEX_OBJECT = { contentType: "text/plain", cacheControl: "no-cache, max-age=0" } as const;
