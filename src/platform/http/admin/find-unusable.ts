// What no column can hold or no program should see, whatever the schema says.

/** Why `value` holds something unusable, without repeating it; null when it holds nothing of the kind. */
export function findUnusable(value: unknown): string | null {
  // A list of its own instead of recursion: a body may be nested deeper than a stack.
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    const reason = reasonAgainst(next);
    if (reason !== null) return reason;
    if (typeof next === "object" && next !== null) {
      for (const [name, member] of Object.entries(next)) waiting.push(name, member);
      if (Object.hasOwn(next, "__proto__")) return "a member is named __proto__";
    }
  }
  return null;
}

function reasonAgainst(value: unknown): string | null {
  if (typeof value === "string") {
    if (value.includes("\0")) return "a text holds the character NUL";
    if (!value.isWellFormed()) return "a text holds half a surrogate pair";
  }
  if (typeof value === "number") {
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return "a number is beyond the exact range";
  }
  return null;
}
