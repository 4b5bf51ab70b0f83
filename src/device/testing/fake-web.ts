// A web for the tests of phones: URL -> body, or what goes wrong there; it notes every request.

import type { DeviceFetch } from "../download.ts";

export const NETWORK_FAILURE = Symbol("network failure");
export type FakePage = string | Uint8Array | { readonly status: number } | typeof NETWORK_FAILURE;

export interface FakeWeb {
  readonly pages: Map<string, FakePage>;
  readonly requests: string[];
  readonly fetch: DeviceFetch;
}

export function createFakeWeb(pages: Readonly<Record<string, FakePage>> = {}): FakeWeb {
  const web = { pages: new Map(Object.entries(pages)), requests: [] as string[] };
  return {
    ...web,
    fetch: async (url) => {
      web.requests.push(url);
      const page = web.pages.get(url) ?? { status: 404 };
      if (page === NETWORK_FAILURE) throw new Error("the network failed");
      if (page instanceof Uint8Array) return { status: 200, bytes: page };
      if (typeof page === "string") return { status: 200, bytes: new TextEncoder().encode(page) };
      return { status: page.status, bytes: new Uint8Array(0) };
    },
  };
}
