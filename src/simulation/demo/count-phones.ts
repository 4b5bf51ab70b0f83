// The table of phones: what was judged of each in numbers, and the sums of each kind.

import type { KindRow, PhoneCounts, PhoneRow } from "./demo-types.ts";
import type { PhoneVerdict } from "./judge-phone.ts";

export interface JudgedPhone {
  readonly kind: string;
  readonly follows: string;
  readonly verdict: PhoneVerdict;
}

const NAMED_TROUBLES = 20;

export function countPhone({ kind, follows, verdict }: JudgedPhone): PhoneRow {
  const { lost, lacking, altered, unexpected, late, repeatedPrimaries, refusedArchives, ...rest } = verdict;
  return {
    ...rest,
    kind,
    follows,
    lost: lost.length,
    lacking: lacking.length,
    altered: altered.length,
    unexpected: unexpected.length,
    repeatedPrimaries: repeatedPrimaries.length,
    late: late.length,
    refusedArchives: refusedArchives.length,
    troubles: [
      ...named("lost", lost),
      ...named("altered", altered),
      ...named("unexpected", unexpected),
      ...named("late", late),
      ...named("repeated", repeatedPrimaries),
      ...named("refused", refusedArchives),
    ],
  };
}

function named(trouble: string, names: readonly string[]): string[] {
  return [...new Set(names)].slice(0, NAMED_TROUBLES).map((name) => `${trouble} ${name}`);
}

/** In the order of the phones. */
export function sumKinds(phones: readonly PhoneRow[]): KindRow[] {
  return [...Map.groupBy(phones, ({ kind }) => kind)].map(([kind, alike]) => {
    const sum = (count: keyof PhoneCounts) => alike.reduce((total, phone) => total + phone[count], 0);
    return {
      kind,
      phones: alike.length,
      checks: sum("checks"),
      checksOk: sum("checksOk"),
      held: sum("held"),
      heldGenerated: sum("heldGenerated"),
      expected: sum("expected"),
      lost: sum("lost"),
      altered: sum("altered"),
      unexpected: sum("unexpected"),
      repeatedPrimaries: sum("repeatedPrimaries"),
      late: sum("late"),
      refusedArchives: sum("refusedArchives"),
      lacking: sum("lacking"),
      lackingBecause: [...new Set(alike.flatMap(({ lackingBecause }) => lackingBecause))],
    };
  });
}
