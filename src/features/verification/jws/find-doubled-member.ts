// Finds members that a JSON text has twice in one object, of which parsers keep one or the other.

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/** The first such name, or null; `text` has to be JSON. Names are compared as they are meant, escapes resolved. */
export function findDoubledMember(text: string): string | null {
  const open: Set<string>[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (token !== ":") last = token;
    else {
      const name = String(JSON.parse(last));
      const names = open.at(-1);
      if (names?.has(name) === true) return name;
      names?.add(name);
    }
  }
  return null;
}
