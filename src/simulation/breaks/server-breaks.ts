// Breaks of publishing: uploads, exports, indexes, archives.

import type { Break } from "./break.ts";

export const SERVER_BREAKS = [
  {
    name: "repeated-upload-refused",
    defect: "An upload that holds a stored key is refused whole unless the phone shows a token that it never got.",
    source: "KS P1",
    caughtBy: "O4",
  },
  {
    name: "imported-key-blocks-upload",
    defect: "A key that arrived by import makes its owner's own upload fail, new keys included.",
    source: "KS P6",
    caughtBy: "O4",
  },
  {
    name: "empty-authority-list-revokes-all",
    defect: "One empty answer of the health authority revokes all its keys, and no upload is taken any more.",
    source: "KS J1",
    caughtBy: "O4",
  },
  {
    name: "revoked-authority-key-stays-revoked",
    defect: "A key of the authority that one answer left out stays revoked when it is back.",
    source: "KS J3",
    caughtBy: "O4",
  },
  {
    name: "reused-authority-key-id",
    defect: "A new key of the authority under an old id is never stored, and the old one is revoked for ever.",
    source: "KS J4, J2",
    caughtBy: "O4",
  },
  {
    name: "released-at-upload",
    defect: "A key may be exported as soon as it is uploaded, while its owner still broadcasts it.",
    source: "KS 3.6",
    caughtBy: "O8",
  },
  {
    name: "several-regions-export-all",
    defect: "An export of two regions exports every key of the server.",
    source: "KS E1",
    caughtBy: "O2",
  },
  {
    name: "padding-absent",
    defect: "Archives hold no made-up keys, so their size tells how few people reported.",
    source: "KS 1.9, E17",
    caughtBy: "O1",
  },
  {
    name: "padding-mostly-forgotten",
    defect: "Most made-up keys are not stored: exports of the same window differ in exactly those.",
    source: "KS E2",
    caughtBy: "O10",
  },
  {
    name: "shuffled-windows",
    defect: "Windows that are due together are exported newest first, and the older ones sorted in before them.",
    source: "KS E3",
    caughtBy: "I1",
  },
  {
    name: "second-worker-parks-windows",
    defect: "A second worker leases every window that is due and exports none of them.",
    source: "KS E4",
    caughtBy: "I17",
  },
  {
    name: "repeated-region-locks-itself",
    defect: "An export that names a region twice waits for its own lock for ever.",
    source: "KS E6",
    caughtBy: "I17",
  },
  {
    name: "unsigned-archives",
    defect: "While no seal is in force archives are published unsigned.",
    source: "KS E7",
    caughtBy: "I15",
  },
  {
    name: "equal-names-forgotten",
    defect: "Of two trees with files of equal names the second forgets its files, and its next index leaves them out.",
    source: "KS E10",
    caughtBy: "I17",
  },
  {
    name: "name-used-twice",
    defect: "A window that is exported again overwrites its archive with other content.",
    source: "KS E9",
    caughtBy: "I7",
  },
  {
    name: "ended-export-never-expires",
    defect: "Nothing takes lines off an index whose export has ended.",
    source: "KS E14",
    caughtBy: "O3",
  },
  {
    name: "last-window-forgotten",
    defect: "The last, incomplete window before an export ends is never exported.",
    source: "KS E16",
    caughtBy: "I19",
  },
  {
    name: "newest-key-signs",
    defect: "After a new version of the signing key was made, archives name the old one and are signed with the new.",
    source: "KS X6",
    caughtBy: "I15",
  },
  {
    name: "index-before-archives",
    defect: "The index names an archive that is stored at the next run.",
    source: "DB 7.1",
    caughtBy: "I3",
  },
  {
    name: "index-written-in-place",
    defect: "The index is overwritten in place, so that half of it can be read meanwhile.",
    source: "KS X10",
    caughtBy: "I4",
  },
  {
    name: "index-deleted-before-files",
    defect: "To remove expired archives the index is deleted first and written anew afterwards.",
    source: "DB 7.1",
    caughtBy: "I4",
  },
  {
    name: "no-grace",
    defect: "An archive is deleted in the moment in which its line goes.",
    source: "DB 7.1",
    caughtBy: "I5",
  },
  {
    name: "one-failed-deletion-stops-all",
    defect: "The removal of archives stops at the first that cannot be deleted, for ever.",
    source: "KS E13",
    caughtBy: "O9",
  },
  {
    name: "server-shuts-itself-down",
    defect:
      "The server ends when it cannot renew a token that is still good, and nobody starts it again for three days.",
    source: "KS X5",
    caughtBy: "O4",
  },
  {
    name: "archives-readable-by-owner-only",
    defect: "Archives are stored as files that the web server may not read.",
    source: "KS X10",
    caughtBy: "O5",
  },
  {
    name: "stale-cache-node",
    defect: "One node of the CDN serves an index that is up to twelve hours old, whatever its headers say.",
    source: "DB 1.6",
    caughtBy: "O6",
  },
  {
    name: "lines-rewritten",
    defect: "After its root was edited the index lists its old archives under other paths.",
    source: "KS E23",
    caughtBy: "I8",
  },
  {
    name: "final-newline",
    defect: "The index ends with a line feed.",
    source: "DB 1.4",
    caughtBy: "I11",
  },
  {
    name: "batch-in-two-parts",
    defect: "An archive says that it is the first of two, and there is no second.",
    source: "DB 2.5",
    caughtBy: "I13",
  },
  {
    name: "double-signature",
    defect: "A second signature is put into export.sig that export.bin does not name.",
    source: "DB 2.7",
    caughtBy: "I26",
  },
  {
    name: "retention-halved",
    defect: "Lines go after half of the promised retention.",
    source: "DB 7.1",
    caughtBy: "I23",
  },
] as const satisfies readonly Break[];
