// What a terminal shows after it was written to: lines of characters with their styles.

export interface Style {
  readonly bold: boolean;
  readonly dim: boolean;
  /** As SGR counts the foreground colours; null: the usual. */
  readonly colour: number | null;
}

export interface Cell extends Style {
  readonly character: string;
}

const PLAIN: Style = { bold: false, dim: false, colour: null };
/** An escape sequence, a line end, a carriage return, or one character. */
const PIECES = new RegExp(String.raw`\u001B\[([?\d;]*)([A-Za-z])|[\s\S]`, "gu");

/** Understands what our commands write: text, styles, the erasing of a line. Throws where it meets something else. */
export function showOnScreen(written: string): readonly (readonly Cell[])[] {
  const lines: Cell[][] = [[]];
  let style = PLAIN;
  let column = 0;
  for (const [piece, parameters = "", command] of written.matchAll(PIECES)) {
    const line = lines.at(-1) ?? [];
    if (command === "m") style = parameters.split(";").map(Number).reduce(restyle, style);
    else if (command === "K") line.length = 0;
    else if (command === "h" || command === "l") continue;
    else if (command !== undefined) throw new Error(`unknown escape sequence: ${JSON.stringify(piece)}`);
    else if (piece === "\n") {
      lines.push([]);
      column = 0;
    } else if (piece === "\r") column = 0;
    else line[column++] = { character: piece, ...style };
  }
  return lines;
}

function restyle(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code >= 30 && code <= 37) return { ...style, colour: code };
  if (code === 39) return { ...style, colour: null };
  throw new Error(`unknown style: ${code}`);
}
