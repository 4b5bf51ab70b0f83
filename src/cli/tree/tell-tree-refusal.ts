// A server's refusal of a planned request in the words of the file that asked for it.

import { CodedError } from "../../core/coded-error.ts";
import type { PlannedItem, PlannedRequest } from "./plan-types.ts";
import { type Field, KINDS, type Kind } from "./tree-kinds.ts";
import { nameOfPlace, type TreePath } from "./tree-places.ts";
import type { WantedTree } from "./tree-types.ts";

/** "body/trustedKeys/0/publicKeyPem: is missing" */
const PLACE = /^body((?:\/[^/:\s]+)*): (.+)$/s;
const MEMBER = /\b[a-z]+(?:[A-Z][a-z0-9]*)+\b/g;

interface Asked {
  readonly wanted: WantedTree;
  /** The name of the file. */
  readonly file: string;
  readonly lineOf: (path: TreePath) => number;
}

/** The same code; the sentence names file, line and field. */
export function inWordsOfTree(
  error: CodedError,
  { section, resource }: PlannedItem,
  request: PlannedRequest,
  { wanted, file, lineOf }: Asked,
): CodedError {
  const kind = KINDS[section];
  const at = wanted[section].findIndex(({ name }) => `${kind.word} ${name}` === resource);
  const item = [section, at];
  const [, place, why] = PLACE.exec(error.message) ?? [];
  const path = place === undefined ? item : [...item, ...pathInItem(kind, request, place.split("/").slice(1))];
  const sentence = place === undefined ? withFields(kind, error.message) : `${nameOfPlace(path)} ${why}`;
  const { remedy } = error;
  return new CodedError(error.code, `${resource}, ${file} line ${lineOf(path)}: ${sentence}`, {
    cause: error,
    // What the API takes says nothing to a person with a file.
    ...(place !== undefined || remedy === undefined ? {} : { remedy: withFields(kind, remedy) }),
  });
}

/** From the place in a request's body to the place in the file. */
function pathInItem(kind: Kind, { part }: PlannedRequest, place: readonly string[]): TreePath {
  const { parts } = kind;
  if (parts !== undefined && part !== undefined) return [parts.section, part, ...fieldIn(parts.fields, place)];
  const [first, ...rest] = place;
  if (parts?.madeWith === "seal" && first === "seal") return [parts.section, 0, ...fieldIn(parts.fields, rest)];
  if (parts !== undefined && first === parts.section) {
    const [number = "0", ...inPart] = rest;
    return [parts.section, Number(number), ...fieldIn(parts.fields, inPart)];
  }
  return fieldIn(kind.fields, place);
}

function fieldIn(fields: readonly Field[], [first, ...rest]: readonly string[]): TreePath {
  if (first === undefined) return [];
  const field = fields.find(({ name, api = name }) => api === first);
  return [field?.name ?? first, ...rest.map((step) => (/^\d+$/.test(step) ? Number(step) : step))];
}

function withFields({ fields, parts }: Kind, text: string): string {
  const known = [...fields, ...(parts?.fields ?? [])];
  return text.replaceAll(MEMBER, (member) => known.find(({ api }) => api === member)?.name ?? member);
}
