// A bar for what takes long; nothing where nobody watches.

const WIDTH = 30;

/** Draws over the bar before it; `share` 1 ends the line. */
export function showProgress(what: string, share: number): void {
  if (!process.stderr.isTTY) return;
  const done = Math.round(share * WIDTH);
  process.stderr.write(`\r${"#".repeat(done)}${".".repeat(WIDTH - done)} ${what}\u001b[K${share >= 1 ? "\n" : ""}`);
}
