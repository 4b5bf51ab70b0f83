// Every invariant, in order: the 27 of DB 7.1, then ours.

import { appendOnly } from "./i01-append-only.ts";
import { contiguousPrefix } from "./i02-contiguous-prefix.ts";
import { readableBeforeListed } from "./i03-readable-before-listed.ts";
import { neverEmpty } from "./i04-never-empty.ts";
import { lineBeforeArchive } from "./i05-line-before-archive.ts";
import { shortLivedIndex } from "./i06-short-lived-index.ts";
import { immutableArchives } from "./i07-immutable-archives.ts";
import { stableNames } from "./i08-stable-names.ts";
import { rememberedLineStays } from "./i09-remembered-line-stays.ts";
import { risingNames } from "./i10-rising-names.ts";
import { strictText } from "./i11-strict-text.ts";
import { uniqueBaseNames } from "./i12-unique-base-names.ts";
import { wholeBatches } from "./i13-whole-batches.ts";
import { oneSeal } from "./i14-one-seal.ts";
import { acceptableToAll } from "./i15-acceptable-to-all.ts";
import { wholeSwitch } from "./i16-whole-switch.ts";
import { coverage } from "./i17-coverage.ts";
import { drainedImport } from "./i18-drained-import.ts";
import { exportsUntilLastUpload } from "./i19-exports-until-last-upload.ts";
import { eachKeyOnce } from "./i20-each-key-once.ts";
import { valuesSurvive } from "./i21-values-survive.ts";
import { compactedRestart } from "./i22-compacted-restart.ts";
import { retention } from "./i23-retention.ts";
import { noMirrorBesideOrigin } from "./i24-no-mirror-beside-origin.ts";
import { updateAfterHistory } from "./i25-update-after-history.ts";
import { wholeDualSignatures } from "./i26-whole-dual-signatures.ts";
import { nobodyAsksAnyMore } from "./i27-nobody-asks-any-more.ts";
import type { Invariant } from "./invariant.ts";
import { paddedArchives } from "./o01-padded-archives.ts";
import { noForeignKeys } from "./o02-no-foreign-keys.ts";
import { linesExpire } from "./o03-lines-expire.ts";
import { phonesHoldKeys } from "./o04-phones-hold-keys.ts";
import { soundChecks } from "./o05-sound-checks.ts";
import { noRepetition } from "./o06-no-repetition.ts";
import { revisionsArrive } from "./o07-revisions-arrive.ts";
import { embargo } from "./o08-embargo.ts";
import { archivesExpire } from "./o09-archives-expire.ts";
import { paddingTravels } from "./o10-padding-travels.ts";

export const ALL_INVARIANTS: readonly Invariant[] = [
  appendOnly,
  contiguousPrefix,
  readableBeforeListed,
  neverEmpty,
  lineBeforeArchive,
  shortLivedIndex,
  immutableArchives,
  stableNames,
  rememberedLineStays,
  risingNames,
  strictText,
  uniqueBaseNames,
  wholeBatches,
  oneSeal,
  acceptableToAll,
  wholeSwitch,
  coverage,
  drainedImport,
  exportsUntilLastUpload,
  eachKeyOnce,
  valuesSurvive,
  compactedRestart,
  retention,
  noMirrorBesideOrigin,
  updateAfterHistory,
  wholeDualSignatures,
  nobodyAsksAnyMore,
  paddedArchives,
  noForeignKeys,
  linesExpire,
  phonesHoldKeys,
  soundChecks,
  noRepetition,
  revisionsArrive,
  embargo,
  archivesExpire,
  paddingTravels,
];
