// One operation of the public listener besides its objects, as a value: features list theirs.

import type { IncomingHttpHeaders } from "node:http";
import type { UnixSeconds } from "../../core/clock.ts";

export interface PublicRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** Of the client, as far as the trusted proxies say. */
  readonly clientAddress: string;
  /** It names another client, in X-Forwarded-For, and comes from no trusted proxy. */
  readonly isForwardUnread?: boolean;
  readonly now: UnixSeconds;
}

export interface PublicAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PublicRoute {
  readonly path: string;
  readonly methods: readonly ("GET" | "POST")[];
  readonly maxBodyBytes: number;
  answer(request: PublicRequest): Promise<PublicAnswer>;
  /** The answer where `answer` is not asked, or fails: a body that is too large or cut short, another method, a fault. */
  refuse(status: 400 | 405 | 413 | 503, why: string): PublicAnswer;
}
