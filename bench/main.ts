// `npm run bench -- NAME`: measures one thing and prints its figures.

import { benchArchive } from "./archive.ts";
import { benchImport } from "./import.ts";

const benches: Readonly<Record<string, () => Promise<void>>> = { archive: benchArchive, import: benchImport };

const name = process.argv[2] ?? "";
const bench = benches[name];
if (bench) await bench();
else {
  console.error(`usage: npm run bench -- NAME, with NAME one of: ${Object.keys(benches).join(", ")}`);
  process.exitCode = 2;
}
