// Answers what is no readable HTTP request: too large, too slow, or something else altogether.

import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

/** Codes of their own right, and all that is known of such a request. */
export type ConnectionFault = "headers_too_large" | "request_timeout" | "request_malformed";

export const CONNECTION_STATUS = {
  headers_too_large: 431,
  request_timeout: 408,
  request_malformed: 400,
} as const satisfies Record<ConnectionFault, number>;

export interface ConnectionAnswer {
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** A handler of `clientError`: answers, and ends the connection. */
export function createConnectionRefuser(
  answerTo: (fault: ConnectionFault) => ConnectionAnswer,
): (error: Error, socket: Socket) => void {
  return (error, socket) => {
    const isGone = socket.destroyed || !socket.writable || systemCodeOf(error) === "ECONNRESET";
    if (!isGone) {
      const fault = faultOf(error);
      socket.write(responseText(CONNECTION_STATUS[fault], answerTo(fault)));
    }
    socket.destroySoon();
  };
}

function responseText(status: number, { headers, body }: ConnectionAnswer): string {
  const all = {
    ...headers,
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines, "", body].join("\r\n");
}

function faultOf(error: Error): ConnectionFault {
  const code = systemCodeOf(error);
  if (code === "HPE_HEADER_OVERFLOW") return "headers_too_large";
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? "request_timeout" : "request_malformed";
}

function systemCodeOf(error: Error): unknown {
  return "code" in error ? error.code : undefined;
}
