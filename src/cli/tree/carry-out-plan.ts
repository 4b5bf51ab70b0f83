// Carries out a plan, one request after the other; the first refusal ends it.

import { CodedError } from "../../core/coded-error.ts";
import type { PrincipalWithTokenBody } from "../../features/administration/admin-schemas.ts";
import type { AdminClient } from "../client/admin-client.ts";
import type { Plan, PlannedItem } from "./plan-types.ts";

export interface Carried {
  /** Resources that are done. */
  readonly done: readonly string[];
  /** Of principals that were made, by name: shown this once. */
  readonly tokens: readonly { readonly name: string; readonly token: string }[];
}

/**
 * Each request holds for the revision that was seen when the plan was made, or that the one before it left: what
 * somebody else changed meanwhile is refused as `changed_meanwhile`. Throws the server's refusals, with what was done.
 */
export async function carryOutPlan(
  client: AdminClient,
  { items }: Plan,
  onDone: (item: PlannedItem) => void,
): Promise<Carried> {
  const done: string[] = [];
  const tokens: { name: string; token: string }[] = [];
  for (const item of items.filter(({ requests }) => requests.length > 0)) {
    try {
      let { tag } = item;
      for (const { method, path, body } of item.requests) {
        const made = await client.change<Partial<PrincipalWithTokenBody>>(method, path, body, { ifMatch: tag });
        tag = made.tag;
        const { principal, token } = made.answer;
        if (principal !== undefined && token !== undefined) tokens.push({ name: principal.name, token });
      }
    } catch (error) {
      throw withProgress(error, item, done);
    }
    done.push(item.resource);
    onDone(item);
  }
  return { done, tokens };
}

function withProgress(error: unknown, { resource }: PlannedItem, done: readonly string[]): unknown {
  if (!(error instanceof CodedError)) return error;
  const before = done.length === 0 ? "Nothing was done before it" : `Done before it: ${done.join(", ")}`;
  const remedy = [error.remedy, `${before}. Apply the file again once that is mended: it goes on from there.`];
  return new CodedError(error.code, `${resource}: ${error.message}`, {
    cause: error,
    remedy: remedy.filter((part) => part !== undefined).join("\n"),
  });
}
