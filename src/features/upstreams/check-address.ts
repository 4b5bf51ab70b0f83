// Whether the address and the times of a server that is followed can work.

import { hasHiddenQuery, hideQuery, unhideQuery } from "../../platform/http/hidden-query.ts";
import type { UpstreamSettings } from "./upstream-types.ts";

type Address = Pick<UpstreamSettings, "indexUrl" | "baseUrl">;

/** What is wrong with it, for people; null: nothing. */
export function problemOf({ indexUrl, baseUrl, from, until }: UpstreamSettings): string | null {
  if (until !== null && until <= from) return "it would end before it begins";
  return problemOfUrl(indexUrl) ?? problemOfUrl(baseUrl);
}

function problemOfUrl(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hash !== "") {
    return "index and base are http or https URLs without a fragment";
  }
  if (url.username !== "" || url.password !== "") return "index and base URL may not carry credentials";
  if (hasHiddenQuery(text)) return "the query of a URL is only shown as hidden: give it in whole";
  return null;
}

/** The address that an operator means where `before` was shown: what is left out, or sent back as shown, stays. */
export function changedAddress(before: Address, change: Partial<Address>): Address {
  const { indexUrl = hideQuery(before.indexUrl), baseUrl = hideQuery(before.baseUrl) } = change;
  return { indexUrl: unhideQuery(indexUrl, before.indexUrl), baseUrl: unhideQuery(baseUrl, before.baseUrl) };
}
