// The exporter goes on to the last upload (DB I19).

import { expect, test } from "vitest";
import { exportsUntilLastUpload } from "./i19-exports-until-last-upload.ts";
import { archiveOf, hour, keyHexOf, makeKey, makeObserved, makeTree, recordOf } from "./testing/make-observed.ts";

const WITH_KEY = { content: { primaries: [recordOf("anna")] } };
const archivesWith = (has: boolean) => [archiveOf(0, has ? WITH_KEY : {}), archiveOf(1), archiveOf(2), archiveOf(3)];

interface Course {
  readonly exported: boolean;
  readonly imported?: boolean;
  readonly ended?: "exporter-ended" | "switched-off" | null;
  readonly enteredAt?: number;
}

function judge({ exported, imported = true, ended = "exporter-ended", enteredAt = hour(1) }: Course) {
  const second = makeTree({ name: "second", role: "second", archives: archivesWith(exported) });
  const national = makeTree({ name: "national", role: "national", archives: archivesWith(imported) });
  const events = ended === null ? [] : [{ at: hour(12), kind: ended, tree: "second" }];
  const keys = [makeKey("anna", { enteredAt })];
  return exportsUntilLastUpload.check(makeObserved({ trees: [second, national], keys, events }));
}

test("an end after everything was exported is good, and so is no end", () => {
  expect(judge({ exported: true })).toBeNull();
  expect(judge({ exported: false, ended: null })).toBeNull();
});

test("a key that was not exported is found at the end of the exporter", () => {
  expect(judge({ exported: false })).toMatchObject({ at: hour(12), where: "second", witness: keyHexOf("anna") });
});

test("a key that is entered afterwards is found when it might have been exported", () => {
  expect(judge({ exported: false, enteredAt: hour(15) })).toMatchObject({ at: hour(15) });
});

test("a tree that is switched off before the import is found", () => {
  expect(judge({ exported: true, ended: "switched-off" })).toBeNull();
  expect(judge({ exported: true, imported: false, ended: "switched-off" })).toMatchObject({
    at: hour(12),
    witness: keyHexOf("anna"),
  });
  expect(judge({ exported: true, imported: false })).toBeNull();
});
