// How values come back from PostgreSQL: as the embedded database gives them.

import { type CustomTypesConfig, types } from "pg";
import { wholeNumber } from "../whole-number.ts";

const INT8_ARRAY = 1_016;
const BYTEA_ARRAY = 1_001;

const own = new Map<number, (text: string) => unknown>([
  [types.builtins.INT8, wholeNumber],
  [types.builtins.BYTEA, (text) => Uint8Array.fromHex(text.slice("\\x".length))],
  [INT8_ARRAY, (text) => elements(text, wholeNumber)],
  [BYTEA_ARRAY, (text) => elements(text, (quoted) => Uint8Array.fromHex(quoted.slice('"\\\\x'.length, -1)))],
]);

/** For the `types` setting of a pool. */
export const valueTypes: CustomTypesConfig = {
  getTypeParser: (oid, format) => own.get(oid) ?? types.getTypeParser(oid, format),
};

/** The elements of a one-dimensional array of values that hold no comma. */
function elements<T>(text: string, parse: (element: string) => T): (T | null)[] {
  if (text === "{}") return [];
  return text
    .slice(1, -1)
    .split(",")
    .map((element) => (element === "NULL" ? null : parse(element)));
}
