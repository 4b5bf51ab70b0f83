// A server's refusal as the error that it is.

import { CodedError } from "../../core/coded-error.ts";

const CODE = /^[a-z][a-z0-9_]{0,99}$/;

/** Null for a body that is no refusal of an admin API. */
export function refusalFrom(body: unknown): CodedError | null {
  if (typeof body !== "object" || body === null || !("code" in body) || !("message" in body)) return null;
  const { code, message } = body;
  if (typeof code !== "string" || !CODE.test(code) || typeof message !== "string") return null;
  const id = "requestId" in body && typeof body.requestId === "string" ? body.requestId : null;
  const shown = code === "unexpected" && id !== null ? `${message} (request ${id})` : message;
  return "remedy" in body && typeof body.remedy === "string"
    ? new CodedError(code, shown, { remedy: body.remedy })
    : new CodedError(code, shown);
}
