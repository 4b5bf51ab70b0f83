// Hears a demo and says nothing.

import type { Narrator } from "../../src/simulation/demo/demo-types.ts";

export const silentNarrator: Narrator = {
  stage: () => undefined,
  progress: () => undefined,
  event: () => undefined,
};
