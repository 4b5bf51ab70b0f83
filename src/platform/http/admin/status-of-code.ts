// Which HTTP status a code is answered with: by the table of exceptions, or by how it begins or ends.

const EXCEPTIONS: ReadonlyMap<string, number> = new Map([
  ["request_malformed", 400],
  ["json_malformed", 400],
  ["token_missing", 401],
  ["token_unknown", 401],
  ["token_expired", 401],
  ["token_revoked", 401],
  ["role_insufficient", 403],
  ["method_not_allowed", 405],
  ["request_timeout", 408],
  ["administrator_needed", 409],
  ["location_no_seal", 409],
  ["location_seal_doubtful", 409],
  ["upstream_not_ending", 409],
  ["export_not_ending", 409],
  ["upstream_line_skipped", 409],
  ["upstream_line_not_skipped", 409],
  ["upstream_not_ended", 409],
  ["upstream_busy", 409],
  ["supplier_same", 409],
  ["clock_in_doubt", 409],
  ["statement_unreadable", 400],
  ["statement_of_other_kind", 400],
  ["changed_meanwhile", 412],
  ["body_not_allowed", 413],
  ["body_too_large", 413],
  ["content_type_unsupported", 415],
  ["headers_too_large", 431],
  ["unexpected", 500],
  ["database_unreachable", 503],
  ["database_full", 503],
  ["blob_storage_full", 503],
  ["blob_storage_failed", 503],
]);

const RULES: readonly (readonly [pattern: RegExp, status: number])[] = [
  [/_invalid$/, 400],
  [/_not_allowed$/, 403],
  [/_unknown$/, 404],
  // Another server does not do what it should.
  [/^fetch_/, 502],
  // What is there already, or is not yet, or has changed stands against it.
  [/^archive_/, 409],
  [
    /_(adopt|adopted|already|broken|changed|conflict|contended|doubled|ended|exists|failed|foreign|missing|overtaken|refused|revoked|taken|unusable)$/,
    409,
  ],
  [/_unavailable$/, 503],
];

/** The status, or undefined for a code that no answer of the admin API may have. */
export function statusOfCode(code: string): number | undefined {
  return EXCEPTIONS.get(code) ?? RULES.find(([pattern]) => pattern.test(code))?.[1];
}

/** When it is worth asking again, in seconds; null where waiting alone does not help. */
export function retryAfterSeconds(status: number): number | null {
  return status === 503 ? 5 : null;
}
