// Where a tree is, told from its index: as Google's server writes it, as we do, and with folders in its lines.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readForeignTree } from "./foreign-tree.ts";
import { proposePlaces } from "./propose-places.ts";

const root = await mkdtemp(join(tmpdir(), "enks-trees-"));
afterAll(() => rm(root, { recursive: true }));

const TREES: readonly (readonly [string, Record<string, string>, object])[] = [
  [
    "lines that begin at the root, as Google's server writes them",
    { "exports/us/index.txt": "exports/us/1-2-1.zip\nexports/us/2-3-1.zip\n", "exports/us/2-3-1.zip": "" },
    { indexObject: "exports/us/index.txt", basePrefix: "", linePrefix: "exports/us/" },
  ],
  [
    "lines that begin beside the index",
    { "state/index.txt": "1-2-1.zip\n2-3-1.zip", "state/2-3-1.zip": "" },
    { indexObject: "state/index.txt", basePrefix: "state/", linePrefix: "" },
  ],
  [
    "lines with a folder below the one in the middle",
    { "a/b/index.txt": "b/keys/1-2-1.zip", "a/b/keys/1-2-1.zip": "" },
    { indexObject: "a/b/index.txt", basePrefix: "a/", linePrefix: "b/keys/" },
  ],
  [
    "an index at the root",
    { "index.txt": "1-2-1.zip", "1-2-1.zip": "" },
    { indexObject: "index.txt", basePrefix: "", linePrefix: "" },
  ],
];

async function makeFolder(objects: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(root, "tree-"));
  for (const [name, text] of Object.entries(objects)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** Answers as a web server of these objects. */
function serve(objects: Record<string, string>): typeof fetch {
  return async (input, init) => {
    const text = objects[new URL(input instanceof Request ? input.url : input).pathname.slice(1)];
    if (text === undefined) return new Response(null, { status: 404 });
    return new Response(init?.method === "HEAD" ? null : text, { headers: { "content-type": "text/plain" } });
  };
}

test.each(TREES)("a folder with %s", async (_what, objects, places) => {
  expect(await proposePlaces(await readForeignTree(await makeFolder(objects), fetch))).toEqual(places);
});

test.each(TREES)("a URL with %s", async (_what, objects, places) => {
  const index = Object.keys(objects).find((name) => name.endsWith("index.txt")) ?? "";
  expect(await proposePlaces(await readForeignTree(`https://keys.example/${index}`, serve(objects)))).toEqual(places);
});

test.each([
  ["no index", { "a/1-2-1.zip": "" }],
  ["two indexes", { "a/index.txt": "1.zip", "a/1.zip": "", "b/index.txt": "" }],
  ["an empty index", { "a/index.txt": "" }],
  ["lines that lead to no archive", { "a/index.txt": "1.zip", "b/1.zip": "" }],
])("nothing is proposed for a tree with %s", async (_what, objects) => {
  const act = async () => proposePlaces(await readForeignTree(await makeFolder(objects), fetch));
  await expect(act()).rejects.toMatchObject({ code: "tree_unclear" });
});
