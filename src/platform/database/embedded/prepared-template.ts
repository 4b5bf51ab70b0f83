// An empty database as an archive, made once and kept beside the installed packages: starting from it takes a third
// of the time that creating one anew takes.

import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";

/** An empty database as PGlite's `loadDataDir` takes it. A cache that cannot be read or written only costs time. */
export async function loadTemplate(): Promise<Blob> {
  const cached = readCached();
  if (cached !== undefined) return new Blob([cached]);
  const archive = await makeTemplate();
  writeCached(archive);
  return new Blob([archive]);
}

async function makeTemplate(): Promise<Uint8Array<ArrayBuffer>> {
  const fresh = await PGlite.create();
  await fresh.exec("checkpoint");
  const archive = await fresh.dumpDataDir("none");
  await fresh.close();
  return new Uint8Array(await archive.arrayBuffer());
}

const PACKAGE = new URL("../", import.meta.resolve("@electric-sql/pglite"));
const FOLDER = new URL("../../.cache/enks/", PACKAGE);

function cacheFile(): URL {
  const { version }: { version: string } = JSON.parse(readFileSync(new URL("package.json", PACKAGE), "utf8"));
  return new URL(`pglite-${version}.tar.zst`, FOLDER);
}

function readCached(): Buffer<ArrayBuffer> | undefined {
  try {
    return zstdDecompressSync(readFileSync(cacheFile()));
  } catch {
    return undefined;
  }
}

function writeCached(archive: Uint8Array): void {
  const unfinished = new URL(`${randomUUID()}.unfinished`, FOLDER);
  try {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(unfinished, zstdCompressSync(archive, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }));
    renameSync(unfinished, cacheFile());
  } catch {
    rmSync(unfinished, { force: true });
  }
}
