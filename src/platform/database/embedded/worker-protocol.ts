// The messages between the program and the worker thread that holds the embedded database.

export interface WorkerSettings {
  /** The folder of the database's own files, or null to keep everything in memory. */
  readonly dataFolder: string | null;
}

export type WorkerRequest =
  | { readonly kind: "statement"; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly kind: "close" };

/** One reply per request, in order; the first one of all tells how the start went. */
export type WorkerReply =
  | { readonly ok: true; readonly rows: readonly unknown[]; readonly affected: number; readonly command: string }
  | { readonly ok: false; readonly message: string; readonly fields: SqlErrorFields };

/** What PostgreSQL says about a failure; named as the `pg` package names it. */
export const SQL_ERROR_FIELDS = [
  "code",
  "severity",
  "detail",
  "hint",
  "position",
  "schema",
  "table",
  "column",
  "constraint",
] as const;
export type SqlErrorFields = Partial<Record<(typeof SQL_ERROR_FIELDS)[number], string>>;

const WORTH_TRANSFERRING = 4_096;

/**
 * The buffers of big byte arrays among `values`, to be transferred instead of copied once more.
 * Every array must be the only one on its buffer and not be used afterwards.
 */
export function transferable(values: Iterable<unknown>): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  for (const value of values) {
    if (value instanceof Uint8Array && value.length >= WORTH_TRANSFERRING && value.buffer instanceof ArrayBuffer) {
      buffers.push(value.buffer);
    }
  }
  return buffers;
}
