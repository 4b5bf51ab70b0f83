// Texts for outputs that show ASCII only: lines, blocks and signs of ours in characters of the same width.

/** Pairs of ours and what takes their place. */
const REPLACEMENTS: readonly (readonly [from: string, to: string])[] = [
  ["─│╵╷", "-|||"],
  ["╶╴", "--"],
  ["┌┐└┘├┤┬┴┼╭╮╰╯", "+++++++++++++"],
  ["▶◀▲▼", "><^v"],
  ["→←↑↓", "><^v"],
  ["█░", "#."],
  ["▁▂▃▄▅▆▇", "_.:-=+*"],
  ["⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "|/-\\|/-\\|/"],
  ["✓✗×…·", "+xx~-"],
];

const ASCII = new Map(
  REPLACEMENTS.flatMap(([from, to]) => Array.from(from, (sign, at) => [sign, to[at] ?? "?"] as const)),
);

/** Matches a sign that `asciiText` replaces. */
export const SIGNS = new RegExp(`[${[...ASCII.keys()].join("")}]`, "gu");

/** As wide as before. Texts of others are left as they are. */
export function asciiText(text: string): string {
  return text.replace(SIGNS, (sign) => ASCII.get(sign) ?? sign);
}
