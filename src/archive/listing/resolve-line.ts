// From a line of an index to the URL of its archive, which never leaves the base URL (KS 7.2, 13.4 I16).

export type LineRefusal =
  | "line_too_long"
  /** Blank, or with a space or a character outside printable US-ASCII (KS 1.10). */
  | "line_characters"
  | "line_absolute_url"
  | "line_query"
  | "line_backslash"
  | "line_leaves_base";

export type ResolvedLine =
  | { readonly line: string; readonly url: string }
  | { readonly line: string; readonly refused: LineRefusal };

const MAX_LINE_LENGTH = 1_000;

/**
 * Leading slashes mean nothing, and the base URL may end with one or not. `line` comes back without leading slashes;
 * a refused one as it was, cut to the longest length allowed. `baseUrl` has to be a valid URL; its query is kept.
 */
export function resolveLine(baseUrl: string, line: string): ResolvedLine {
  const refused = refusalOfLine(line);
  // Well-formed, since the cut may go through a surrogate pair, which no database takes.
  if (refused !== null) return { line: line.slice(0, MAX_LINE_LENGTH).toWellFormed(), refused };
  const relative = line.replace(/^\/+/, "");
  const url = new URL(baseUrl);
  const basePath = `${url.pathname.replace(/\/+$/, "")}/`;
  url.pathname = basePath + relative;
  url.hash = "";
  // What the URL parser made of it decides, not what the line looked like.
  if (!url.pathname.startsWith(basePath)) return { line, refused: "line_leaves_base" };
  return { line: relative, url: url.href };
}

function refusalOfLine(line: string): LineRefusal | null {
  if (line.length > MAX_LINE_LENGTH) return "line_too_long";
  if (!/^\/*[\x21-\x2e\x30-\x7e][\x21-\x7e]*$/.test(line)) return "line_characters";
  if (line.includes("\\")) return "line_backslash";
  if (/^\/*[a-z][a-z0-9+.-]*:/i.test(line)) return "line_absolute_url";
  if (/[?#]/.test(line)) return "line_query";
  // An encoded separator is decoded by some servers, behind our back.
  if (/%(2f|5c)/i.test(line) || line.split("/").some(isDotSegment)) return "line_leaves_base";
  return null;
}

function isDotSegment(segment: string): boolean {
  const plain = segment.replaceAll(/%2e/gi, ".");
  return plain === "." || plain === "..";
}
