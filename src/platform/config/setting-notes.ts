// What a setting says about itself beside its form: written into the schema, read by everything that names settings.

export type Unit = "seconds" | "bytes" | "keys";

export interface SettingNotes {
  /** A sentence for operators. */
  readonly description: string;
  /** The variables that set it. The reference server's name where the meaning is the same (KS 11.5). */
  readonly environment: readonly string[];
  readonly unit?: Unit;
  /** Never shown; may be a reference `file:/path`, and each variable may end in `_FILE`. */
  readonly secret?: boolean;
  /** What the default is, where it is no constant. */
  readonly defaultText?: string;
  /** Other words for values, by which other programs call them; in capitals. */
  readonly otherValues?: Readonly<Record<string, string>>;
}

/** Objects take no members that nobody knows. */
export const CLOSED = { additionalProperties: false } as const;

export const HOUR_SECONDS = 3_600;
export const DAY_SECONDS = 24 * HOUR_SECONDS;

/** The notes in the form in which a schema takes them; their type holds them complete. */
export function notes(given: SettingNotes): SettingNotes & Readonly<Record<string, unknown>> {
  return { ...given };
}
