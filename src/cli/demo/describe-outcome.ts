// What a demo came to, in sentences: whether it went well, and what has to be known besides.

import type { DemoReport } from "../../simulation/demo/demo-types.ts";
import type { Verdict } from "../../simulation/demo/judge-world.ts";

/** The first sentence is the verdict; the others say what it does not cover. */
export function describeOutcome(report: DemoReport): readonly [verdict: string, ...besides: string[]] {
  return [verdictOf(report), ...besidesOf(report)];
}

function verdictOf({ good, keysDue, phones, verdicts, demo }: DemoReport): string {
  const bad = verdicts.filter((verdict) => !verdict.good && verdict.bound === "most");
  if (bad.length > 0) return `Something is wrong: ${bad.map(nameBad).join(", ")}.`;
  if (good) return `All is well: no key was lost on the way to ${count(phones.length)} phones.`;
  if (demo === "migration") return "Nothing was shown: nobody reported a key.";
  return keysDue === 0 ? "Nothing was shown: no key of the archives can be published." : "Something is wrong.";
}

/** Seconds are told in the table. */
function nameBad({ name, value, unit }: Verdict): string {
  return unit === "seconds" ? name : `${count(value)} ${name}`;
}

function besidesOf(report: DemoReport): string[] {
  const { imported, demo, startsAt, keysDue } = report;
  const { archives, refusedArchives, keys, leftOut } = imported;
  const listed = archives + refusedArchives;
  const besides: string[] = [];
  if (refusedArchives > 0) {
    const which = archives === 0 ? (listed === 1 ? "The only archive" : `All ${count(listed)} archives`) : null;
    besides.push(
      which === null
        ? `${count(refusedArchives)} of ${count(listed)} archives ${refusedArchives === 1 ? "was" : "were"} refused.`
        : `${which} ${listed === 1 ? "was" : "were"} refused.`,
    );
  }
  const left = Object.entries(leftOut).reduce((sum, [, amount]) => sum + amount, 0);
  if (left > 0) {
    const reasons = Object.entries(leftOut).map(([reason, amount]) => `${count(amount)} ${reason}`);
    besides.push(`The import left out ${count(left)} of ${count(left + keys)} keys: ${reasons.join(", ")}.`);
  }
  if (demo === "archives" && keys === 0 && ((leftOut["too_old"] ?? 0) > 0 || (leftOut["in_future"] ?? 0) > 0)) {
    besides.push(`The virtual clock starts at ${startsAt}: choose a --now from shortly behind the last archive.`);
  }
  if (demo === "archives" && listed > refusedArchives && keys + left === 0) besides.push("The archives hold no keys.");
  if (demo === "archives" && keys > 0 && keysDue === 0) besides.push("All keys are revoked.");
  const lacking = report.kinds.reduce((sum, kind) => sum + kind.lacking, 0);
  if (lacking > 0) {
    besides.push(`${count(lacking)} keys are missing on phones by their own fault, which --details explains.`);
  }
  return besides;
}

function count(value: number): string {
  return value.toLocaleString("en");
}
