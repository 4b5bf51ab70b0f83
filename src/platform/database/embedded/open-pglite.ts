// Opens PGlite on a folder or in memory, from a prepared template when its files do not exist yet.

import { existsSync, renameSync, rmSync } from "node:fs";
import { PGlite, types } from "@electric-sql/pglite";
import { wholeNumber } from "../whole-number.ts";
import { loadTemplate } from "./prepared-template.ts";
import type { WorkerSettings } from "./worker-protocol.ts";

// PGlite's own conversion of bytea goes byte by byte.
const conversions = {
  parsers: {
    [types.INT8]: wholeNumber,
    [types.BYTEA]: (text: string) => Uint8Array.fromHex(text.slice(2)),
  },
  serializers: {
    [types.BYTEA]: (bytes: Uint8Array) => `\\x${bytes.toHex()}`,
  },
};

export async function openPGlite({ dataFolder }: WorkerSettings): Promise<PGlite> {
  if (dataFolder === null) return PGlite.create({ ...conversions, loadDataDir: await loadTemplate() });
  if (!existsSync(dataFolder)) await createFiles(dataFolder);
  return PGlite.create({ ...conversions, dataDir: dataFolder, relaxedDurability: false });
}

/** Under another name first: a process killed here must not leave half a database that looks whole. */
async function createFiles(dataFolder: string): Promise<void> {
  const unfinished = `${dataFolder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const created = await PGlite.create({ dataDir: unfinished, loadDataDir: await loadTemplate() });
  await created.close();
  renameSync(unfinished, dataFolder);
}
