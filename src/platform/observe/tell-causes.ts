// Why something failed, for a log: an error and what lies behind it.

import { redactSecrets } from "./redact-secrets.ts";

const MOST_CAUSES = 5;
const MOST_CHARACTERS = 1_000;

/** The messages of an error and of its causes, without what looks like key material. */
export function tellCauses(error: unknown): string {
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error && messages.length < MOST_CAUSES; cause = cause.cause) {
    messages.push(`${cause.name}: ${cause.message}`);
  }
  const text = messages.length === 0 ? `thrown: ${typeof error}` : messages.join("; because of ");
  return String(redactSecrets(text.slice(0, MOST_CHARACTERS)));
}
