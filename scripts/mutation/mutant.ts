// One small change of one source file.

/** A change of a text: what stands between `start` and `end` becomes `replacement`. */
export interface Change {
  /** What kind of change it is, in one word. */
  readonly mutator: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

export interface Mutant extends Change {
  /** From the root of the repository. */
  readonly file: string;
  readonly line: number;
  readonly original: string;
}

export function applyChange(text: string, { start, end, replacement }: Change): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
