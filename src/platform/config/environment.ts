// The environment of the process; the only file that reads it.

/** A copy of all variables, so that nobody sees a later change. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return { ...process.env };
}
