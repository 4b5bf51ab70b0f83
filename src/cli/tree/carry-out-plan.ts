// Carries out a plan, one request after the other; the first refusal ends it.

import { CodedError } from "../../core/coded-error.ts";
import type { PrincipalWithTokenBody } from "../../features/administration/admin-schemas.ts";
import type { AdminClient } from "../client/admin-client.ts";
import type { Plan, PlannedItem, PlannedRequest } from "./plan-types.ts";

export interface Carried {
  /** Resources that are done. */
  readonly done: readonly string[];
  /** Of principals that were made, by name: shown this once. */
  readonly tokens: readonly { readonly name: string; readonly token: string }[];
}

export interface CarryOptions {
  readonly onDone: (item: PlannedItem) => void;
  /** A refusal in the words of the file that the plan was made from. */
  readonly tell: (error: CodedError, item: PlannedItem, request: PlannedRequest) => CodedError;
}

/**
 * Each request holds for the revision that was seen when the plan was made, or that the one before it left: what
 * somebody else changed meanwhile is refused as `changed_meanwhile`. Throws the server's refusals, with what was done.
 */
export async function carryOutPlan(
  client: AdminClient,
  { items }: Plan,
  { onDone, tell }: CarryOptions,
): Promise<Carried> {
  const done: string[] = [];
  const tokens: { name: string; token: string }[] = [];
  for (const item of items.filter(({ requests }) => requests.length > 0)) {
    let { tag } = item;
    for (const request of item.requests) {
      const { method, path, body } = request;
      try {
        const made = await client.change<Partial<PrincipalWithTokenBody>>(method, path, body, { ifMatch: tag });
        tag = made.tag;
        const { principal, token } = made.answer;
        if (principal !== undefined && token !== undefined) tokens.push({ name: principal.name, token });
      } catch (error) {
        throw error instanceof CodedError ? withProgress(tell(error, item, request), done) : error;
      }
    }
    done.push(item.resource);
    onDone(item);
  }
  return { done, tokens };
}

function withProgress(error: CodedError, done: readonly string[]): CodedError {
  const before = done.length === 0 ? "Nothing was done before it" : `Done before it: ${done.join(", ")}`;
  const remedy = [error.remedy, `${before}. Apply the file again once that is mended: it goes on from there.`];
  return new CodedError(error.code, error.message, {
    cause: error,
    remedy: remedy.filter((part) => part !== undefined).join("\n"),
  });
}
