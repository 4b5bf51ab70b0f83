// Whether two locations could write, or delete, the same object.

import type { Location } from "./location-types.ts";

/** Where the objects of a location are. */
export type Tree = Pick<Location, "indexObject" | "basePrefix" | "linePrefix">;

const ARCHIVE_NAME = /^\d+-\d+-\d+\.zip$/;

/** What the two would share, in a sentence that goes on after "the objects of both"; null where nothing. */
export function findCollision(one: Tree, other: Tree): string | null {
  const [prefix, otherPrefix] = [archivePrefix(one), archivePrefix(other)];
  if (prefix === otherPrefix) return `would lie below "${prefix}"`;
  if (couldBeEqual(prefix, otherPrefix) || couldBeEqual(otherPrefix, prefix)) {
    return `could have the same name: below "${prefix}" and below "${otherPrefix}"`;
  }
  if (isArchiveOf(one, other.indexObject) || isArchiveOf(other, one.indexObject)) {
    return "could have the same name: the index of one is named like an archive of the other";
  }
  // On a disk an object cannot be the folder of another.
  for (const [index, tree] of [
    [one.indexObject, other],
    [other.indexObject, one],
  ] as const) {
    if ([tree.indexObject, archivePrefix(tree)].some((name) => name.startsWith(`${index}/`))) {
      return `could not be kept in files: "${index}" would be an object and a folder`;
    }
  }
  return null;
}

/** An archive's name begins with digits: only more digits behind the shorter prefix can make the same name. */
function couldBeEqual(shorter: string, longer: string): boolean {
  return longer.startsWith(shorter) && /^\d+$/.test(longer.slice(shorter.length));
}

function isArchiveOf(tree: Tree, objectName: string): boolean {
  const prefix = archivePrefix(tree);
  return objectName.startsWith(prefix) && ARCHIVE_NAME.test(objectName.slice(prefix.length));
}

function archivePrefix({ basePrefix, linePrefix }: Tree): string {
  return basePrefix + linePrefix;
}
