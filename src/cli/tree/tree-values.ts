// Values of a tree beside those of a server, and in the words of the API.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import { parseInstant } from "../parse/parse-instant.ts";
import { isRelative } from "./tree-forms.ts";
import type { Field } from "./tree-kinds.ts";
import type { Values } from "./tree-types.ts";

/** The fields of `wanted` that are another in `current`. A relative instant only counts when something is made. */
export function changedFields(fields: readonly Field[], wanted: Values, current: Values): Field[] {
  return fields.filter(({ name, form, atFirst }) => {
    if (!(name in wanted) || atFirst || isRelative(wanted[name])) return false;
    return form.isSame?.(wanted[name], current[name]) !== true && !isAlike(wanted[name], current[name]);
  });
}

/** The `fields` that `values` has, as the API takes them. */
export function toApi(fields: readonly Field[], values: Values, now: UnixSeconds): Values {
  const given = fields.filter(({ name }) => name in values);
  return Object.fromEntries(
    given.map(({ name, api = name, form }) => [api, form.toApi(absolute(values[name], now))] as const),
  );
}

function absolute(value: unknown, now: UnixSeconds): unknown {
  if (!isRelative(value)) return value;
  const at = parseInstant(String(value), now);
  return at === null ? value : isoTime(at);
}

/** Values are texts, numbers, flags and lists of texts. */
function isAlike(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
