// A question that a person answers with yes or no.

import type { Terminal } from "../surroundings.ts";

/** Null where no person can be asked. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean | null> {
  const answer = await terminal.ask(`${question} [y/N] `);
  return answer === null ? null : /^y(es)?$/i.test(answer.trim());
}
