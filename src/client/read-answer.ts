// What the answer to an upload means for whoever sent it (KS 3.3, 3.4).

import type { UploadAnswer } from "./client-types.ts";
import type { Exchange } from "./exchange.ts";
import { type JsonMembers, readJsonMembers, textOf } from "./read-json.ts";

/** Never throws, whatever the answer is. */
export function readAnswer(exchanged: Exchange): UploadAnswer {
  if (exchanged.kind === "failure") {
    const { code, message } = exchanged;
    return { outcome: "try_again", status: null, code, message, retryAfterSeconds: null };
  }
  const { status, headers, body } = exchanged;
  const members = readJsonMembers(body);
  const code = textOf(members?.["code"]) || null;
  const message = textOf(members?.["error"]);
  if (status === 200 && members !== null) return readSuccess(members, code, message);
  if (isWorthRepeating(status, code)) {
    return { outcome: "try_again", status, code, message, retryAfterSeconds: readRetryAfter(headers) };
  }
  return { outcome: "refused", status, code, message };
}

/**
 * A 200 without JSON is a page of somebody in between. The reference answers 400 `internal_error` where its database
 * is away (KS 13.1 P3).
 */
function isWorthRepeating(status: number, code: string | null): boolean {
  return status === 408 || status === 429 || status >= 500 || status === 200 || code === "internal_error";
}

function readSuccess(members: JsonMembers, code: string | null, message: string): UploadAnswer {
  const inserted = members["insertedExposures"];
  const warnings = members["warnings"];
  return {
    outcome: code === "partial_failure" ? "partial" : "stored",
    status: 200,
    inserted: typeof inserted === "number" ? inserted : 0,
    revisionToken: textOf(members["revisionToken"]) || null,
    message,
    warnings: Array.isArray(warnings) ? warnings.filter((warning) => typeof warning === "string") : [],
  };
}

/** Seconds, or an instant, which is counted from the server's own time; null where it says nothing usable. */
export function readRetryAfter(headers: Headers): number | null {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const milliseconds = Date.parse(text) - Date.parse(headers.get("date") ?? "");
  return Number.isNaN(milliseconds) ? null : Math.max(0, Math.ceil(milliseconds / 1_000));
}
