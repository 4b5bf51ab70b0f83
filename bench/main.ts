// `npm run bench -- NAME`: measures one thing and prints its figures.

import { benchArchive } from "./archive.ts";
import { benchChaff } from "./chaff.ts";
import { benchExport } from "./export.ts";
import { benchGrowth } from "./growth.ts";
import { benchImport } from "./import.ts";
import { benchMirror } from "./mirror.ts";
import { benchPublish } from "./publish.ts";

const benches: Readonly<Record<string, () => Promise<void>>> = {
  archive: benchArchive,
  import: benchImport,
  export: benchExport,
  mirror: benchMirror,
  growth: benchGrowth,
  chaff: benchChaff,
  publish: benchPublish,
};

const name = process.argv[2] ?? "";
const bench = benches[name];
if (bench) await bench();
else {
  console.error(`usage: npm run bench -- NAME, with NAME one of: ${Object.keys(benches).join(", ")}`);
  process.exitCode = 2;
}
