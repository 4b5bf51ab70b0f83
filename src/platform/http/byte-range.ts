// The Range header of a request, as far as we serve it: one range of bytes (RFC 9110, 14).

import type { BlobRange } from "../blobs/blob-store.ts";

/**
 * The range that `header` asks for of an object of `length` bytes; "whole" when there is no such header or one that we
 * may ignore (several ranges, another unit, nonsense); "unsatisfiable" when it lies beyond the end.
 */
export function parseByteRange(header: string | undefined, length: number): BlobRange | "whole" | "unsatisfiable" {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "");
  const [, first = "", last = ""] = match ?? [];
  if (first === "" && last === "") return "whole";
  if (first === "") {
    const suffix = Math.min(Number(last), length);
    return suffix === 0 ? "unsatisfiable" : { start: length - suffix, end: length };
  }
  const start = Number(first);
  const end = last === "" ? length : Math.min(Number(last) + 1, length);
  if (last !== "" && Number(last) < start) return "whole";
  return start < length ? { start, end } : "unsatisfiable";
}
