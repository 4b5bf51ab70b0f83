// One HTTP exchange with a server that may be slow, gone or hostile: bounded in time and size.

export interface Connection {
  readonly fetch: typeof fetch;
  /** For the whole exchange, the body of the answer included. */
  readonly timeoutMilliseconds: number;
}

export type ExchangeErrorCode = "fetch_failed" | "fetch_timeout" | "fetch_too_large";

export type Exchange =
  | { readonly kind: "answer"; readonly status: number; readonly headers: Headers; readonly body: Uint8Array }
  | { readonly kind: "failure"; readonly code: ExchangeErrorCode; readonly message: string; readonly cause?: unknown };

/** Never throws; an answer is whatever has a status. */
export async function exchange(
  connection: Connection,
  url: string,
  init: RequestInit,
  maxBytes: number,
): Promise<Exchange> {
  const { timeoutMilliseconds } = connection;
  try {
    const response = await connection.fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMilliseconds) });
    const body = await readBody(response, maxBytes);
    if (body === null) return failure("fetch_too_large", `the answer has more than ${maxBytes} bytes`);
    return { kind: "answer", status: response.status, headers: response.headers, body };
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "TimeoutError") {
      return failure("fetch_timeout", `no answer within ${timeoutMilliseconds / 1_000} s`, cause);
    }
    return failure("fetch_failed", reasonOf(cause), cause);
  }
}

function failure(code: ExchangeErrorCode, message: string, cause?: unknown): Exchange {
  return { kind: "failure", code, message, cause };
}

/** null: there is more. */
async function readBody(response: Response, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop ends the exchange.
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, length));
}

/** What lies below fetch's own "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.message === "") return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : error.message;
}
