// How int8 values come back from every engine.

/** The number that `text` says; throws a RangeError beyond what a number holds exactly. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 value ${text} is beyond the exact range of numbers`);
  return value;
}
