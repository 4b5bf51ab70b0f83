// Which data folder a command is about.

import type { Surroundings } from "../surroundings.ts";

const DEFAULT_FOLDER = ".enks";

export function folderFrom(given: string | undefined, { environment }: Pick<Surroundings, "environment">): string {
  return given ?? (environment["ENKS_DATA_FOLDER"] || DEFAULT_FOLDER);
}
