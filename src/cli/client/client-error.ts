// Why a command could not ask its server.

import { CodedError, type CodedErrorDetails } from "../../core/coded-error.ts";

export type ClientErrorCode =
  | "server_unset"
  | "server_url_invalid"
  | "server_unprotected"
  | "server_unreachable"
  | "answer_unusable"
  | "run_unfinished"
  | "profile_unknown"
  | "profile_invalid"
  /** No profile is silently the one that is changed. */
  | "profile_unchosen"
  | "profile_exists"
  | "profiles_unusable";

export function clientError(code: ClientErrorCode, message: string, details: CodedErrorDetails = {}): CodedError {
  return new CodedError<ClientErrorCode>(code, message, details);
}
