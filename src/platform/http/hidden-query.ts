// URLs as operators and the audit log may see them: a query may hold an access token.

const HIDDEN = "?hidden";

/** The URL with whatever query it has replaced by `?hidden`. */
export function hideQuery(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? url : url.slice(0, at) + HIDDEN;
}

/** What an operator means by `given` where `stored` was shown: the same, where it was sent back as it was shown. */
export function unhideQuery(given: string, stored: string): string {
  return given === hideQuery(stored) ? stored : given;
}

/** Whether the query is missing that was hidden: such a URL cannot be stored. */
export function hasHiddenQuery(url: string): boolean {
  return url.endsWith(HIDDEN);
}
