// For how long caches may serve an object without asking again, as its Cache-Control header says.

/** A shared cache's own lifetime goes before that of all; nothing said means none (DB I6). */
export function readCacheSeconds(cacheControl: string): number {
  const directives = cacheControl.toLowerCase();
  if (/\bno-(?:cache|store)\b/.test(directives)) return 0;
  const [, seconds = "0"] = /\bs-maxage=(\d+)/.exec(directives) ?? /\bmax-age=(\d+)/.exec(directives) ?? [];
  return Number(seconds);
}
