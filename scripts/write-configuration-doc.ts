// Writes docs/operate/configuration.md anew: `node scripts/write-configuration-doc.ts`.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderConfigurationDoc } from "./render-configuration-doc.ts";

writeFileSync(join(import.meta.dirname, "..", "docs", "operate", "configuration.md"), renderConfigurationDoc());
