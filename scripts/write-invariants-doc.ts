// Writes docs/audit/invariants.md anew: `node scripts/write-invariants-doc.ts`.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderInvariantsDoc } from "./render-invariants-doc.ts";

writeFileSync(join(import.meta.dirname, "..", "docs", "audit", "invariants.md"), renderInvariantsDoc());
