// A text as one word of a command line that people copy.

const PLAIN = /^[\w@%+=:,./-]+$/;

/** As it is where no shell reads more into it, otherwise in single quotes, as POSIX shells take them. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
