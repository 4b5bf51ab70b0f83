// The refusals that the admin server adds to those of the features.

import { CodedError, type CodedErrorDetails } from "../../../core/coded-error.ts";

export type AdminErrorCode =
  | "request_invalid"
  | "request_malformed"
  | "request_timeout"
  | "headers_too_large"
  | "json_malformed"
  | "body_too_large"
  | "content_type_unsupported"
  | "path_unknown"
  | "token_missing"
  | "token_unknown"
  | "token_expired"
  | "token_revoked"
  | "role_insufficient"
  | "changed_meanwhile";

export function adminError(
  code: AdminErrorCode,
  message: string,
  details?: CodedErrorDetails,
): CodedError<AdminErrorCode> {
  return new CodedError(code, message, details);
}
