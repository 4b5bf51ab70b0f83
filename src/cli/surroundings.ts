// What commands use of the world around them, so that a test can give them another one.

import type { Clock } from "../core/clock.ts";

/** What can be drawn on again. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

export interface Terminal {
  /** For people: signs beyond ASCII are replaced where the output cannot show them. */
  write(text: string): void;
  /** For other programs: as it is. */
  writeDocument(text: string): void;
  writeError(text: string): void;
  /** Where the output is a screen that can be drawn on again; null in files and pipes. */
  screen(): Screen | null;
  /** Whether what is written as an error appears on a screen. */
  readonly hasErrorScreen: boolean;
  /** The answer of a person, without its line end; null where nobody can be asked. */
  ask(question: string, options?: { readonly isSecret?: boolean }): Promise<string | null>;
}

export interface Surroundings {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  readonly fetch: typeof fetch;
  /** Ends early, and well, when `until` is aborted. */
  pause(this: void, milliseconds: number, until?: AbortSignal): Promise<void>;
  /** From now on Ctrl-C, SIGTERM and SIGHUP abort the signal instead of ending the process. */
  interruption(this: void): AbortSignal;
}
