// Tries what an archive's reader says to every change of one of its bytes.

import { expect } from "vitest";
import type { VerifiedArchive } from "../../src/archive/archive-types.ts";
import { codeOf } from "../../src/core/coded-error.ts";

/**
 * Adds each of `differences` (1 to 255) to each byte. Fails unless the changed archive is refused with a code, or opens
 * to the same content. Answers what happened: the codes, and "opened".
 */
export async function outcomesOfChanges(
  bytes: Uint8Array,
  differences: readonly number[],
  open: (bytes: Uint8Array) => Promise<VerifiedArchive>,
): Promise<Set<string>> {
  const original = contentOf(await open(bytes));
  const outcomes = new Set<string>();
  const tryChange = async (at: number, difference: number): Promise<void> => {
    const changed = Uint8Array.from(bytes);
    changed[at] = ((changed[at] ?? 0) + difference) % 256;
    try {
      expect(contentOf(await open(changed))).toEqual(original);
      outcomes.add("opened");
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      outcomes.add(code);
    }
  };
  for (let at = 0; at < bytes.length; at++) {
    await Promise.all(differences.map((difference) => tryChange(at, difference)));
  }
  return outcomes;
}

function contentOf({ header, primaries, revised, refusedCounts, signedBy }: VerifiedArchive) {
  return { header, primaries: primaries.bytes, revised: revised.bytes, refusedCounts, signedBy };
}
