// Pieces of the admin API that several features share: names, instants, pages.

import { type TSchema, Type } from "typebox";
import type { UnixSeconds } from "../../../core/clock.ts";
import { CodedError } from "../../../core/coded-error.ts";

export const CLOSED = { additionalProperties: false } as const;

export const nothing = Type.Object({}, CLOSED);

/** The parameter of a path that ends in `{name}`. */
export const nameParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) }, CLOSED);

/** Id or version under which archives name a public key: one line, without control characters; empty where they name none. */
export const publicKeyName = Type.String({
  maxLength: 100,
  pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
});

/** An instant in UTC with whole seconds, ISO 8601: "2026-11-24T10:00:00Z". */
export const instant = instantWith({});

/** As `instant`, with a description of its own. */
export function instantWith(options: { readonly description?: string }) {
  return Type.String({ format: "date-time", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$", ...options });
}

/** An instant, or null for "none" or "never". */
export const instantOrNull = Type.Union([instant, Type.Null()]);

export const PAGE_DEFAULT = 100;
const PAGE_MOST = 1_000;

/** How a list is asked for: at most `limit` items behind the cursor `after`, which an earlier page gave as `next`. */
export const pageQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_MOST, default: PAGE_DEFAULT })),
    after: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })),
  },
  CLOSED,
);

/** A page of a list; `next` is null on the last one. */
export function pageOf<Item extends TSchema>(item: Item) {
  return Type.Object({ items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]) }, CLOSED);
}

/** Cuts a page out of items that are sorted by their cursor, for lists that are small enough to be read whole. */
export function cutPage<Item>(
  items: readonly Item[],
  query: { readonly limit?: number; readonly after?: string },
  cursorOf: (item: Item) => string,
): { items: Item[]; next: string | null } {
  const { limit = PAGE_DEFAULT, after } = query;
  const rest = after === undefined ? items : items.filter((item) => cursorOf(item) > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: last !== undefined && rest.length > limit ? cursorOf(last) : null };
}

/** Reads an instant that `instant` has checked. Throws `request_invalid` for a day that no calendar has. */
export function parseInstant(text: string): UnixSeconds {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new CodedError("request_invalid", `"${text}" is no instant`);
  return milliseconds / 1_000;
}

export function parseInstantOrNull(text: string | null): UnixSeconds | null {
  return text === null ? null : parseInstant(text);
}
