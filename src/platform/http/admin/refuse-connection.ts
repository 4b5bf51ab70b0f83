// Answers what is no readable HTTP request: too large, too slow, or something else altogether.

import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { adminError } from "./admin-error.ts";
import { refusalOf } from "./refusal.ts";
import { ANSWER_HEADERS } from "./refuse-request.ts";

/** A handler of `clientError`: answers in the form of every refusal, and ends the connection. */
export function createConnectionRefuser(nextRequestId: () => string): (error: Error, socket: Socket) => void {
  return (error, socket) => {
    const isGone = socket.destroyed || !socket.writable || systemCodeOf(error) === "ECONNRESET";
    if (!isGone) socket.write(responseText(error, nextRequestId()));
    socket.destroySoon();
  };
}

function responseText(error: Error, requestId: string): string {
  const { status, body } = refusalOf(codedErrorOf(error), requestId);
  const text = JSON.stringify(body);
  const headers = {
    ...ANSWER_HEADERS,
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(text)),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines, "", text].join("\r\n");
}

function codedErrorOf(error: Error): Error {
  switch (systemCodeOf(error)) {
    case "HPE_HEADER_OVERFLOW":
      return adminError("headers_too_large", "the request's headers are larger than this server takes");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return adminError("request_timeout", "the request took too long to arrive");
    default:
      return adminError("request_malformed", "this is no readable HTTP request");
  }
}

function systemCodeOf(error: Error): unknown {
  return "code" in error ? error.code : undefined;
}
