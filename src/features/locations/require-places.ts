// Where the tree of a location may be: at names that every store takes, and clear of the trees of others.

import { archiveName } from "../../archive/archive-name.ts";
import { writeIndexText } from "../../archive/index-text.ts";
import { isBlobName } from "../../platform/blobs/blob-name.ts";
import { isReservedName } from "../../platform/http/reserved-names.ts";
import { findCollision, type Tree } from "./find-collision.ts";
import { invalid } from "./invalid-settings.ts";
import type { Location } from "./location-types.ts";

/**
 * A name that no store takes, or a line that no index takes, would come to light only when keys wait behind it. Throws
 * `location_settings_invalid`.
 */
export function requireUsableNames(tree: Tree): void {
  const line = tree.linePrefix + archiveName(0, 1);
  if (!isBlobName(tree.indexObject)) throw invalid(`no object can be named "${tree.indexObject}"`);
  if (isReservedName(tree.indexObject)) {
    throw invalid(`phones could not read "${tree.indexObject}": the public listener answers something else there`);
  }
  if (!isBlobName(tree.basePrefix + line)) throw invalid(`no object can be named "${tree.basePrefix + line}"`);
  try {
    writeIndexText([line]);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Two that share objects would delete each other's archives. Throws `location_settings_invalid`. */
export function requireOwnObjects(name: string, tree: Tree, others: readonly Location[]): void {
  for (const other of others) {
    const shared = findCollision(tree, other);
    if (shared === null) continue;
    throw invalid(
      `"${name}" and the location "${other.name}" would get into each other's way: the objects of both ${shared}`,
      "Give it a basePrefix or a linePrefix of its own.",
    );
  }
}
