// Durations as the environment writes them: Go's form, as the reference server reads it (KS 11.5), or whole seconds.

const SECONDS_OF = { h: 3_600, m: 60, s: 1 } as const;
const PART = /(\d+(?:\.\d+)?)(h|m|s)/y;

/** "336h", "1h30m", "90s", "90": whole seconds; null for anything else, for parts of a second and for what is negative. */
export function parseDuration(text: string): number | null {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  if (text === "" || text.length > 40) return null;
  let seconds = 0;
  for (let at = 0; at < text.length; at = PART.lastIndex) {
    PART.lastIndex = at;
    const [, amount = "", unit = ""] = PART.exec(text) ?? [];
    if (amount === "") return null;
    seconds += Number(amount) * SECONDS_OF[unit as keyof typeof SECONDS_OF];
  }
  return Number.isSafeInteger(seconds) ? seconds : null;
}
