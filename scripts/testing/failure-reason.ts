// What is printed of an error: its message, what differs, and where in the project it came from.

import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

export interface Failure {
  readonly name?: string;
  readonly message: string;
  readonly stack?: string;
  readonly diff?: string;
}

const MOST_PLACES = 4;
const MOST_LINES = 60;

/** Plain text of a few lines. */
export function reasonOf({ name, message, stack, diff }: Failure, root: string): string {
  const title = name === undefined || message.startsWith(name) ? message : `${name}: ${message}`;
  const text = stripVTControlCharacters(diff === undefined ? title : `${title}\n${diff}`);
  const lines = text.split("\n");
  const cut = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), "..."] : lines;
  return [...cut, ...placesOf(stack ?? "", root)].join("\n");
}

/** The calls in the project's own files, the innermost first. */
function placesOf(stack: string, root: string): string[] {
  const places = stack.split("\n").flatMap((line) => {
    const [, place = ""] = /^ *at (?:.*\()?((?:file:\/\/)?\/.*:\d+:\d+)\)?$/.exec(line) ?? [];
    return place === "" ? [] : [relative(root, place.startsWith("file:") ? fileURLToPath(place) : place)];
  });
  const own = places.filter((place) => !place.startsWith("..") && !place.includes("node_modules"));
  return own.slice(0, MOST_PLACES).map((place) => `at ${place}`);
}
