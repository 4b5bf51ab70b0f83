// The forms that values of a tree have: how each is read, written for the API, and compared.

import { nodeArchiveTools } from "../../archive/node-tools.ts";
import { isoTime } from "../../core/clock.ts";
import { hideQuery } from "../../platform/http/hidden-query.ts";
import { parseDuration, writeDuration } from "../parse/parse-duration.ts";
import { parseInstant } from "../parse/parse-instant.ts";

/** The value as a tree has it in its one way of writing, or what a value has to be. */
export type ReadValue = { readonly value: unknown } | { readonly problem: string };

export interface Form {
  /** For the documentation: "a duration such as 14d". */
  readonly says: string;
  read(value: unknown): ReadValue;
  /** From the one way of writing to the API's, and back. */
  toApi(value: unknown): unknown;
  fromApi(value: unknown): unknown;
  /** Whether a wanted value is the current one; by default when they are written alike. */
  isSame?(wanted: unknown, current: unknown): boolean;
}

const same = (value: unknown) => value;

function form(says: string, accept: (value: unknown) => unknown, more: Partial<Form> = {}): Form {
  return {
    says,
    toApi: same,
    fromApi: same,
    read: (value) => {
      const accepted = accept(value);
      return accepted === undefined ? { problem: `is not ${says}` } : { value: accepted };
    },
    ...more,
  };
}

const isText = (value: unknown): value is string => typeof value === "string";

export const text = form("a text, in quotation marks where it looks like a number", (value) =>
  isText(value) ? value : undefined,
);

/** The server keeps regions in upper case. */
export const region = form("a region, in quotation marks where it looks like a number", (value) =>
  isText(value) ? value.trim().toUpperCase() : undefined,
);

export const texts = form("a list of texts", (value) => textsOf(value));

/** Each once, sorted: their order says nothing. */
export const names = form(
  "a list of names",
  (value) => {
    const given = textsOf(value);
    return given && [...new Set(given)].sort();
  },
  { fromApi: (value) => textsOf(value)?.toSorted() },
);

/** Each once, sorted, as the server keeps them. */
export const regions = form("a list of regions", (value) => {
  const given = textsOf(value)?.map((one) => one.trim().toUpperCase());
  return given && [...new Set(given)].sort();
});

/** In the order in which they are given. */
export const headerRegions = form("a list of regions", (value) => textsOf(value)?.map((one) => one.toUpperCase()));

function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every(isText) ? value : undefined;
}

export const count = form("a whole number", (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined,
);

export const flag = form("true or false", (value) => (typeof value === "boolean" ? value : undefined));

export function choice(...words: readonly string[]): Form {
  return form(`one of ${words.join(", ")}`, (value) => (isText(value) && words.includes(value) ? value : undefined));
}

export const duration = form(
  "a duration such as 14d, 4h or 15m",
  (value) => {
    const seconds = isText(value) ? parseDuration(value) : null;
    return seconds === null ? undefined : writeDuration(seconds);
  },
  { toApi: (value) => parseDuration(String(value)), fromApi: (value) => writeDuration(Number(value)) },
);

/** now, +1h, -3d: counts when something is made, and not again. */
export function isRelative(value: unknown): boolean {
  return isText(value) && /^(?:now$|[+-])/.test(value);
}

const SOME_TIME = 1_000_000_000;

function readInstant(value: unknown): string | undefined {
  if (!isText(value)) return undefined;
  const at = parseInstant(value, SOME_TIME);
  if (at === null) return undefined;
  return isRelative(value) ? value : isoTime(at);
}

export const instant = form("an instant such as 2026-11-24T10:00:00Z, or now, +1h, -3d", readInstant);

export const instantOrNever = form(
  "an instant such as 2026-11-24T10:00:00Z, or never",
  (value) => (value === "never" || value === null ? "never" : readInstant(value)),
  { toApi: (value) => (value === "never" ? null : value), fromApi: (value) => value ?? "never" },
);

/** The server does not show queries, so nobody can tell whether one has changed. */
export const url = form("an http or https URL", (value) => (isText(value) && URL.canParse(value) ? value : undefined), {
  isSame: (wanted, current) => hideQuery(String(wanted)) === current,
});

export const urlOrNone = form(
  "an http or https URL, or none",
  (value) => (value === "none" || value === null ? "none" : isText(value) && URL.canParse(value) ? value : undefined),
  { toApi: (value) => (value === "none" ? null : value), fromApi: (value) => value ?? "none" },
);

export const pem = form("a public key on P-256 in PEM", (value) =>
  isText(value) ? (nodeArchiveTools.p256Pem(value) ?? undefined) : undefined,
);
