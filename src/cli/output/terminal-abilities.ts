// What an output can show. Decided here and nowhere else, from the stream and from the environment.

export interface OutputStream {
  readonly isTTY?: boolean;
}

export interface Abilities {
  /** More than ASCII: lines, blocks, ticks. */
  readonly hasUnicode: boolean;
  /** What was written can be written over. */
  readonly isScreen: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Of a stream of this process, which runs on `platform`, as Node calls it. */
export function abilitiesOf({ isTTY }: OutputStream, environment: Environment, platform: string): Abilities {
  const isDumb = environment["TERM"] === "dumb";
  const isTerminal = isTTY === true;
  return {
    hasUnicode: !isDumb && readsUtf8(environment, isTerminal && platform === "win32"),
    isScreen: isTerminal && !isDumb,
  };
}

/** The first of the three that is set decides, as POSIX has it; where none is, so does `otherwise`. */
function readsUtf8(environment: Environment, otherwise: boolean): boolean {
  const locale = [environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]].find((value) => value);
  return locale === undefined ? otherwise : /utf-?8/i.test(locale);
}
