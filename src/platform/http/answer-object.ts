// Answers a request for a published object: what the request says is compared with what is known without reading it.

import type { FastifyReply, FastifyRequest } from "fastify";
import { CodedError } from "../../core/coded-error.ts";
import type { BlobErrorCode, BlobReader, BlobStore } from "../blobs/blob-store.ts";
import type { ObjectHeaders } from "../blobs/object-headers.ts";
import { type ObjectResponse, planObjectResponse } from "./object-response.ts";
import type { SendBudget } from "./send-budget.ts";
import { awaitTurn, sendObject } from "./send-object.ts";

export interface ObjectSource {
  readonly blobs: BlobStore;
  readonly headersOf: (name: string) => ObjectHeaders;
  readonly budget: SendBudget;
  /** The store failed when the answer had begun. */
  readonly onCut: (error: unknown) => void;
}

/** An index may be replaced between the two looks at it; one that always is cannot be served. */
const ATTEMPTS = 5;

/** Whether there is such an object. Throws what the store throws before the answer has begun. */
export async function answerObject(
  source: ObjectSource,
  name: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const isHead = request.method === "HEAD";
  if (!isHead && (await awaitTurn(request.raw, reply.raw)) === "reader gone") return cutOff(reply);
  const opened = await openObject(source, name, request, isHead);
  if (opened === null) return false;
  const { planned, reader } = opened;
  reply.headers({ ...planned.headers, "x-content-type-options": "nosniff" });
  // Past the framework: it would add a length of its own to an answer without a body.
  reply.hijack();
  for (const [header, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(header, value);
  }
  reply.raw.writeHead(planned.status);
  if (reader === null || planned.range === null) {
    reply.raw.end();
    return true;
  }
  try {
    await sendObject(reply.raw, reader, planned.range.end - planned.range.start, source.budget);
  } catch (error) {
    source.onCut(error);
  }
  return true;
}

async function openObject(
  { blobs, headersOf }: ObjectSource,
  name: string,
  request: FastifyRequest,
  isHead: boolean,
): Promise<{ planned: ObjectResponse; reader: BlobReader | null } | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stat = await blobs.stat(name);
    if (stat === null) return null;
    const planned = planObjectResponse(request.headers, stat, headersOf(name));
    const { range } = planned;
    if (isHead || range === null || range.start === range.end) return { planned, reader: null };
    const reader = await blobs.read(name, stat, range);
    if (reader !== null) return { planned, reader };
  }
  throw new CodedError<BlobErrorCode>("blob_storage_failed", `The object ${name} is replaced all the time.`);
}

function cutOff(reply: FastifyReply): boolean {
  reply.hijack();
  reply.raw.destroy();
  return true;
}
