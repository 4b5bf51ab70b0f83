// Reads a response's body within its limits, on the wire and after decoding.

import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import type { Dispatcher } from "undici";
import { fetchError, translateFetchError } from "./fetch-error.ts";
import { headerOf } from "./response-header.ts";

type Response = Dispatcher.ResponseData;

const SMALL_BODY = 4_096;

/** Throws `fetch_too_large`, `fetch_cut_short`, `fetch_timeout`, or `fetch_failed` for a body that cannot be decoded. */
export async function readResponseBody(response: Response, url: string, maxBytes: number): Promise<Uint8Array> {
  const wire = await readWire(response, url, maxBytes);
  const decoded = await decode(wire, headerOf(response.headers, "content-encoding"), url, maxBytes);
  return new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength);
}

async function readWire(response: Response, url: string, maxBytes: number): Promise<Buffer> {
  const announced = headerOf(response.headers, "content-length");
  if (announced !== null && Number(announced) > maxBytes) {
    discardBody(response);
    throw tooLarge(url, maxBytes);
  }
  // What is announced is reserved at once: pieces would be copied together at the end, and leave holes in the memory.
  let body: Buffer = Buffer.allocUnsafe(Number(announced ?? SMALL_BODY));
  let length = 0;
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      if (length + chunk.length > maxBytes) throw tooLarge(url, maxBytes);
      if (length + chunk.length > body.length) body = withRoom(body, length, length + chunk.length);
      body.set(chunk, length);
      length += chunk.length;
    }
  } catch (error) {
    throw translateFetchError(error, url, "fetch_cut_short");
  }
  if (announced !== null && Number(announced) !== length) {
    throw fetchError("fetch_cut_short", `${url} announced ${announced} bytes and sent ${length}.`);
  }
  return body.subarray(0, length);
}

/** The first `length` bytes, in twice the room, at least for `needed`. */
function withRoom(bytes: Buffer, length: number, needed: number): Buffer {
  const grown = Buffer.allocUnsafe(Math.max(needed, bytes.length * 2));
  grown.set(bytes.subarray(0, length));
  return grown;
}

/** Ends the exchange without reading on. */
export function discardBody(response: Response): void {
  response.body.on("error", () => undefined).destroy();
}

type Decoder = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;
const DECODERS: Readonly<Record<string, Decoder>> = {
  identity: (bytes) => Promise.resolve(bytes),
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** We ask for no encoding; some servers encode all the same. */
async function decode(wire: Uint8Array, encoding: string | null, url: string, maxBytes: number): Promise<Uint8Array> {
  const name = (encoding ?? "identity").trim().toLowerCase();
  const decoder = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (decoder === undefined) throw fetchError("fetch_failed", `${url} came in an encoding that was not asked for.`);
  try {
    return await decoder(wire, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(url, maxBytes);
    throw fetchError("fetch_failed", `${url} cannot be decoded as ${name}.`, error);
  }
}

function tooLarge(url: string, maxBytes: number): Error {
  return fetchError("fetch_too_large", `${url} is larger than ${maxBytes} bytes.`);
}
