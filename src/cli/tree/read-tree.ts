// Reads a tree from YAML, of which JSON is a part; whatever is not known or not of its form is named with its line.

import type { Document } from "yaml";
import { CodedError } from "../../core/coded-error.ts";
import { nearestName } from "../../platform/config/nearest-name.ts";
import { text as textForm } from "./tree-forms.ts";
import { type Field, KINDS, type Kind, type PartKind } from "./tree-kinds.ts";
import { nameOfPlace, type TreePath as Path, parseTree } from "./tree-places.ts";
import { SECTIONS, type Values, type WantedItem, type WantedTree } from "./tree-types.ts";

export type TreeErrorCode = "tree_invalid" | "tree_impossible" | "confirmation_missing";

/** So many are named at once. */
const MOST_NAMED = 10;

interface Problem {
  readonly line: number;
  readonly message: string;
}

type Complain = (path: Path, problem: string) => void;

/** Throws `tree_invalid`, which names lines of `file`. */
export function readTree(text: string, file: string): WantedTree {
  const { document, lineOf, lineOfOffset } = parseTree(text);
  const problems: Problem[] = document.errors.map(({ message, pos }) => ({ line: lineOfOffset(pos[0]), message }));
  const complain: Complain = (path, problem) => {
    const where = nameOfPlace(path);
    problems.push({ line: lineOf(path), message: where === "" ? `the file ${problem}` : `${where} ${problem}` });
  };
  const tree = readSections(problems.length === 0 ? toPlain(document, complain) : null, complain);
  if (problems.length === 0) return tree;
  throw invalid(problems, file);
}

function invalid(problems: readonly Problem[], file: string): CodedError {
  const more = problems.length > MOST_NAMED ? `\n  and ${problems.length - MOST_NAMED} more` : "";
  const inOrder = problems.toSorted((one, other) => one.line - other.line).slice(0, MOST_NAMED);
  const named = inOrder.map(({ line, message }) => `line ${line}: ${message}`).join("\n  ");
  return new CodedError<TreeErrorCode>("tree_invalid", `${file} is no tree of configuration:\n  ${named}${more}`, {
    remedy: "docs/operate/configuration-tree.md describes the format; `enks export-config` writes it.",
  });
}

function toPlain(document: Document, complain: Complain): unknown {
  try {
    return document.toJS();
  } catch (error) {
    complain([], String(error));
    return null;
  }
}

function readSections(plain: unknown, complain: Complain): WantedTree {
  const members = readMap(plain ?? {}, SECTIONS, [], complain);
  const read = (kind: Kind) => readItems(members, kind, complain);
  return {
    signingKeys: read(KINDS.signingKeys),
    locations: read(KINDS.locations),
    exports: read(KINDS.exports),
    sources: read(KINDS.sources),
    mirrors: read(KINDS.mirrors),
    authorities: read(KINDS.authorities),
    apps: read(KINDS.apps),
    principals: read(KINDS.principals),
  };
}

function readItems(members: Values, kind: Kind, complain: Complain): WantedItem[] {
  const seen = new Set<string>();
  return readList(members[kind.section], [kind.section], complain).flatMap((value, at) => {
    const path = [kind.section, at];
    const read =
      kind.section === "signingKeys" ? readBareName(value, path, complain) : readItem(value, kind, path, complain);
    const items = read.map((item) => ({ ...item, name: kind.writeName?.(item.name) ?? item.name }));
    for (const { name } of items) {
      if (seen.has(name)) complain(path, `"${name}" is there twice`);
      seen.add(name);
    }
    return items;
  });
}

function readBareName(value: unknown, path: Path, complain: Complain): WantedItem[] {
  const name = readName(value, path, complain);
  return name === null ? [] : [{ name, values: {}, parts: [] }];
}

function readItem(value: unknown, kind: Kind, path: Path, complain: Complain): WantedItem[] {
  const section = kind.parts?.section;
  const known = ["name", ...kind.fields.map(({ name }) => name), ...(section === undefined ? [] : [section])];
  const members = readMap(value, known, path, complain);
  const name = readName(members["name"], "name" in members ? [...path, "name"] : path, complain);
  const values = readFields(members, kind.fields, path, complain);
  const parts =
    kind.parts === undefined
      ? []
      : readParts(members[kind.parts.section], kind.parts, [...path, kind.parts.section], complain);
  return name === null ? [] : [{ name, values: kind.complete?.(values) ?? values, parts }];
}

function readParts(value: unknown, { fields }: PartKind, path: Path, complain: Complain): Values[] {
  const known = fields.map(({ name }) => name);
  return readList(value, path, complain).map((part, at) =>
    readFields(readMap(part, known, [...path, at], complain), fields, [...path, at], complain),
  );
}

function readFields(members: Values, fields: readonly Field[], path: Path, complain: Complain): Values {
  const values: Record<string, unknown> = {};
  for (const { name, form, required } of fields) {
    if (!(name in members)) {
      if (required) complain(path, `has no ${name}`);
      continue;
    }
    const read = form.read(members[name]);
    if ("problem" in read) complain([...path, name], read.problem);
    else values[name] = read.value;
  }
  return values;
}

function readName(value: unknown, path: Path, complain: Complain): string | null {
  const read = textForm.read(value);
  if ("value" in read && typeof read.value === "string" && read.value !== "") return read.value;
  complain(path, value === undefined ? "has no name" : "is no name; put it into quotation marks if it is a number");
  return null;
}

/** Its members; those that are not known are complained about. */
function readMap(value: unknown, known: readonly string[], path: Path, complain: Complain): Values {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    complain(path, "is not a map of names to values");
    return {};
  }
  for (const name of Object.keys(value).filter((one) => !known.includes(one))) {
    const meant = nearestName(name, known);
    complain([...path, name], `is not known${meant === null ? "" : `; ${meant} is`}`);
  }
  return { ...value };
}

function readList(value: unknown, path: Path, complain: Complain): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  complain(path, "is not a list");
  return [];
}
