// Labels with names that operators chose: few as a rule, and bounded in any case.

const OTHERS = "(others)";

/** A function that lets the first `most` different values pass and calls all later ones by one name. */
export function boundLabel(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (!known.has(value) && known.size >= most) return OTHERS;
    known.add(value);
    return value;
  };
}
