// Why the operating system of a phone refuses a call: one code for each rule of DB 2 and 3.

import { CodedError, codeOf } from "../core/coded-error.ts";

const REFUSAL_CODES = [
  "zip_damaged",
  "zip_entries",
  "header_unknown",
  "export_damaged",
  "signature_list_damaged",
  "public_key_missing",
  "unsigned",
  "signature_id_missing",
  "signature_version_missing",
  "algorithm_unsupported",
  "signature_mismatch",
  "batch_size_range",
  "batch_number_range",
  "batch_incomplete",
  "batch_mixed",
  "info_count",
  "key_values",
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export function refusal(code: RefusalCode, message: string): CodedError<RefusalCode> {
  return new CodedError(code, message);
}

/** The code of a refusal, or undefined for any other error. */
export function refusalCodeOf(error: unknown): RefusalCode | undefined {
  const code = codeOf(error);
  return REFUSAL_CODES.find((known) => known === code);
}
