// `npm run bench -- NAME [OPTION]`: measures one thing and prints its figures.

import { benchArchive } from "./archive.ts";
import { benchBesideImport } from "./beside-import.ts";
import { benchChaff } from "./chaff.ts";
import { benchExport } from "./export.ts";
import { benchFrozen } from "./frozen.ts";
import { benchGrowth } from "./growth.ts";
import { benchHostile } from "./hostile.ts";
import { benchImport } from "./import.ts";
import { benchMirror } from "./mirror.ts";
import { benchProof } from "./proof.ts";
import { benchPublish } from "./publish.ts";
import { benchSlowReaders } from "./slow-readers.ts";
import { benchSubjects } from "./subjects.ts";

const benches: Readonly<Record<string, (option?: string) => Promise<void>>> = {
  archive: benchArchive,
  import: benchImport,
  export: benchExport,
  mirror: benchMirror,
  growth: benchGrowth,
  chaff: benchChaff,
  publish: benchPublish,
  frozen: benchFrozen,
  "beside-import": benchBesideImport,
  proof: benchProof,
  subjects: benchSubjects,
  "slow-readers": benchSlowReaders,
  hostile: benchHostile,
};

const [name = "", option] = process.argv.slice(2);
const bench = benches[name];
if (bench) await bench(option);
else {
  console.error(`usage: npm run bench -- NAME, with NAME one of: ${Object.keys(benches).join(", ")}`);
  process.exitCode = 2;
}
