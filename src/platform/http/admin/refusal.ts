// What an error looks like to whoever asked: status, code, sentence and remedy; causes stay here.

import { CodedError } from "../../../core/coded-error.ts";
import { adminError } from "./admin-error.ts";
import { retryAfterSeconds, statusOfCode } from "./status-of-code.ts";

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly code: string;
    readonly message: string;
    readonly remedy?: string;
    readonly requestId: string;
  };
}

export function refusalOf(error: unknown, requestId: string): Refusal {
  const coded = toCodedError(error);
  const status = statusOfCode(coded.code) ?? 500;
  const retryAfter = retryAfterSeconds(status);
  return {
    status,
    headers: {
      ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
      ...(retryAfter === null ? {} : { "retry-after": String(retryAfter) }),
    },
    body: {
      code: coded.code,
      message: coded.message,
      ...(coded.remedy === undefined ? {} : { remedy: coded.remedy }),
      requestId,
    },
  };
}

/** The framework's own refusals under our codes; whatever nobody foresaw as `unexpected`, without a word about it. */
function toCodedError(error: unknown): CodedError {
  if (error instanceof CodedError) return error.code === "database_unreachable" ? withoutAddress() : error;
  switch (frameworkCodeOf(error)) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return adminError("body_too_large", "the body is larger than this server takes");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return adminError("content_type_unsupported", "the body is not application/json");
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
    case "FST_ERR_BAD_URL":
    case "FST_ERR_MAX_PARAM_LENGTH":
    case "ECONNRESET":
      return adminError("request_malformed", "the request cannot be read");
    default:
      return new CodedError("unexpected", "the server failed in a way that nobody foresaw", {
        remedy: "The server's log has the cause under this request's id.",
      });
  }
}

function frameworkCodeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

/** Without its database the server cannot tell strangers from principals, so nobody is told where it is. */
function withoutAddress(): CodedError {
  return new CodedError("database_unreachable", "the server cannot reach its database", {
    remedy: "Ask again in a moment. The server's log has the cause.",
  });
}
