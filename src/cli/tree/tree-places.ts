// Where something stands in the file of a tree.

import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** ["exports", 0, "region"] */
export type TreePath = readonly (string | number)[];

export interface TreeDocument {
  readonly document: Document;
  lineOfOffset(this: void, offset: number): number;
  /** Of the deepest part of the path that the file has. */
  lineOf(this: void, path: TreePath): number;
}

export function parseTree(text: string): TreeDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOfOffset = (offset: number) => lines.linePos(offset).line;
  return { document, lineOfOffset, lineOf: (path) => lineOfOffset(offsetOf(document, path)) };
}

/** "exports.region"; empty for the whole. */
export function nameOfPlace(path: TreePath): string {
  return path.filter((step) => typeof step === "string").join(".");
}

/** Where the deepest part of `path` that the document has begins. */
function offsetOf(document: Document, path: TreePath): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
}
