// No foreign keys (O2).

import { expect, test } from "vitest";
import { noForeignKeys } from "./o02-no-foreign-keys.ts";
import {
  archiveOf,
  keyHexOf,
  makeKey,
  makeObserved,
  makeTree,
  publishedAt,
  recordOf,
} from "./testing/make-observed.ts";

const trees = [makeTree({ archives: [archiveOf(0), archiveOf(1, { content: { revised: [recordOf("anna")] } })] })];
const FOUND = { at: publishedAt(1), where: "client", witness: keyHexOf("anna") };

test("keys that people entered and made-up ones are good", () => {
  expect(noForeignKeys.check(makeObserved({ trees, keys: [makeKey("anna")] }))).toBeNull();
  expect(noForeignKeys.check(makeObserved({ trees }))).toBeNull();
});

test("a key that nobody entered is found", () => {
  const generated = new Set([keyHexOf("made up 0"), keyHexOf("made up 1")]);
  expect(noForeignKeys.check(makeObserved({ trees, generated }))).toMatchObject(FOUND);
});

test("a key of a place that the tree does not carry is found, also an excused one", () => {
  const keys = [makeKey("anna", { place: "nation", excused: true })];
  expect(noForeignKeys.check(makeObserved({ trees, keys }))).toMatchObject(FOUND);
});
