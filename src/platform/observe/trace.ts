// Traces as the program sees them: a name and a few plain values around some work.

/** Runs `work` inside a span. Attributes are names and counts; never key data, never secrets, never whole URLs. */
export type Trace = <T>(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  work: () => Promise<T>,
) => Promise<T>;

/** No spans. */
export const traceNothing: Trace = (_name, _attributes, work) => work();
