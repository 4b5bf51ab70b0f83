// Breaks of the order in which operators do things.

import type { Break } from "./break.ts";

export const SCRIPT_BREAKS = [
  {
    name: "own-lines-dropped-at-switch",
    defect: "With the content switch the index lists mirrored archives only.",
    source: "DB 7.1",
    caughtBy: "I9",
  },
  {
    name: "seal-switched-for-new-lines-only",
    defect: "After a switch of the seal only new archives carry the new one.",
    source: "DB 6.4",
    caughtBy: "I16",
  },
  {
    name: "switched-before-import-drained",
    defect: "The state's newest lines go with the content switch, before the nation has their keys.",
    source: "DB 7.1",
    caughtBy: "I18",
  },
  {
    name: "second-export-ended-early",
    defect: "The state ends its export to the importer while it still takes uploads.",
    source: "DB 7.1",
    caughtBy: "I19",
  },
  {
    name: "back-log-not-compacted",
    defect: "After a forced restart the back-log comes in as many archives as before.",
    source: "DB 7.1",
    caughtBy: "I22",
  },
  {
    name: "mirror-and-origin-followed",
    defect: "A phone that travels gets the mirror and the origin of the same archives.",
    source: "DB 7.1",
    caughtBy: "I24",
  },
  {
    name: "updated-before-history-is-there",
    defect: "An app update sends phones to a tree that does not serve the last fourteen days yet.",
    source: "DB 7.1",
    caughtBy: "I25",
  },
  {
    name: "switched-off-in-use",
    defect: "A tree is taken off the network two days after a phone asked for its index.",
    source: "DB 7.1",
    caughtBy: "I27",
  },
] as const satisfies readonly Break[];
