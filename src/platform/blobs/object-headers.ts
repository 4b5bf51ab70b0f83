// What an object's name says about how it is served (KS 1.11, DB I6, I7).

export interface ObjectHeaders {
  readonly contentType: string;
  readonly cacheControl: string;
}

/** The headers of a published object, for `put` and for serving: archives never change, everything else may at any time. */
export function headersOf(name: string): ObjectHeaders {
  if (name.endsWith(".zip")) {
    return { contentType: "application/zip", cacheControl: "public, max-age=86400, immutable" };
  }
  const contentType = name.endsWith(".txt") ? "text/plain" : "application/octet-stream";
  return { contentType, cacheControl: "no-cache, max-age=0" };
}
