// Breaks between servers: import and mirror.

import type { Break } from "./break.ts";

export const FLOW_BREAKS = [
  {
    name: "failed-import-is-complete",
    defect: "An archive counts as imported even if it could not be fetched.",
    source: "KS I1",
    caughtBy: "I17",
  },
  {
    name: "interrupted-import-not-resumed",
    defect: "An archive whose import was interrupted stays leased for ever.",
    source: "KS I2",
    caughtBy: "I17",
  },
  {
    name: "error-page-is-index",
    defect: "An error page is taken for an index, and what it does not list is given up.",
    source: "KS I4, I5",
    caughtBy: "I17",
  },
  {
    name: "empty-index-fails-imports",
    defect: "One empty index makes the import give up every archive that has not come in yet.",
    source: "KS I5",
    caughtBy: "I17",
  },
  {
    name: "large-archive-kills-import",
    defect: "An answer without end fills the memory; the process dies, and the archive is never tried again.",
    source: "KS I6, I2",
    caughtBy: "I17",
  },
  {
    name: "short-archive-kills-import",
    defect: "An export.bin without a whole header ends the run, and the archive is never tried again.",
    source: "KS I8, I2",
    caughtBy: "I17",
  },
  {
    name: "foreign-revision-aborts-archive",
    defect: "One revision that is not permitted ends the import of its archive, which counts as complete.",
    source: "KS I11",
    caughtBy: "I17",
  },
  {
    name: "foreign-revisions-dropped",
    defect: "Revisions that come from another server are left out.",
    source: "KS P7, F3",
    caughtBy: "O7",
  },
  {
    name: "lock-outlives-cut-run",
    defect: "A run that was cut short leaves its lock behind for the whole of its life.",
    source: "KS X1",
    caughtBy: "I17",
  },
  {
    name: "failed-file-inserted-mid-index",
    defect: "The mirror skips an archive that it could not copy, and inserts it later where it would have stood.",
    source: "KS M1",
    caughtBy: "I2",
  },
  {
    name: "files-deleted-before-index",
    defect: "Archives are deleted before the index that drops them is written.",
    source: "KS M2",
    caughtBy: "I5",
  },
  {
    name: "base-names-collide",
    defect: "Two folders of an index hold archives of equal names.",
    source: "KS M3",
    caughtBy: "I12",
  },
  {
    name: "failed-deletion-leaves-blank-line",
    defect: "After a deletion that failed the index begins with a blank line.",
    source: "KS M4",
    caughtBy: "I11",
  },
  {
    name: "index-cached-for-a-day",
    defect: "Caches may serve the index for 24 hours.",
    source: "KS M5",
    caughtBy: "I6",
  },
  {
    name: "empty-index-published",
    defect: "When the source answers an empty index the mirror publishes an empty one.",
    source: "KS M6",
    caughtBy: "I4",
  },
  {
    name: "names-of-source-kept",
    defect: "Mirrored archives keep their names, whose windows lie before those that the index lists already.",
    source: "DB 1.4",
    caughtBy: "I10",
  },
  {
    name: "unsealed-append",
    defect: "The mirror appends the nation's archives under the nation's seal behind those under the state's.",
    source: "DB 6.4",
    caughtBy: "I14",
  },
  {
    name: "import-without-backfill",
    defect: "The second location begins with the day of its creation, without the fourteen days before.",
    source: "DB 7.1",
    caughtBy: "I17",
  },
  {
    name: "no-filter",
    defect: "The mirror appends keys that the index lists already.",
    source: "DB 7.3 D",
    caughtBy: "I20",
  },
  {
    name: "onset-lost",
    defect: "The import forgets when symptoms began.",
    source: "DB 4.3",
    caughtBy: "I21",
  },
] as const satisfies readonly Break[];
