// DB I15: every listed archive is acceptable to every phone that may still fetch it.

import { ECDSA_SHA256, MAX_ARCHIVE_KEYS } from "../../archive/archive-types.ts";
import { followedAt, phoneTrees, treesOf } from "../observe/followed-trees.ts";
import { listingsOf } from "../observe/listings.ts";
import { sealsAt } from "../observe/mixed-seals.ts";
import type { Observed, ObservedPhone, ObservedTree } from "../observe/observed.ts";
import type { ArchiveContent } from "../observe/observed-archive.ts";
import { refusalsOf } from "../observe/refused-archives.ts";
import { acceptsSeal } from "../observe/seals.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const acceptableToAll: Invariant = {
  id: "I15",
  rule: "Whatever an index lists, each phone that reads it accepts, also one that begins at the first line.",
  experience: "One bad file sinks the whole call: the phone processes nothing until the file leaves the index.",
  check: (observed) => earliest(findUnacceptable(observed)),
};

function* findUnacceptable(observed: Observed): Generator<Violation> {
  for (const tree of phoneTrees(observed)) yield* malformedArchives(tree);
  for (const phone of observed.phones) {
    yield* foreignSeals(observed, phone);
    for (const { at, name, reason } of refusalsOf(phone)) {
      yield { at, where: phone.name, witness: name, what: `The phone refused ${name}: ${reason}.` };
    }
  }
}

function* malformedArchives(tree: ObservedTree): Generator<Violation> {
  for (const { archive, line, from } of listingsOf(tree)) {
    const fault = faultOf(archive.content);
    if (fault !== null) yield { at: from, where: tree.name, witness: line, what: `${line} ${fault}.` };
  }
}

/** What some phone refuses, whatever keys it trusts (DB 2, 3). */
function faultOf(content: ArchiveContent | null): string | null {
  if (content === null) return "cannot be read";
  const { infos, signatures, primaries, revised } = content;
  if (signatures.length === 0) return "is not signed";
  if (infos.length !== signatures.length)
    return `names ${infos.length} signers and has ${signatures.length} signatures`;
  if (signatures.some(({ keyId, keyVersion }) => keyId === null || keyVersion === null)) {
    return "has a signature that does not name its key";
  }
  if (signatures.some(({ algorithm }) => algorithm !== ECDSA_SHA256)) return "is signed with another algorithm";
  return primaries.length + revised.length > MAX_ARCHIVE_KEYS ? "holds too many keys" : null;
}

/** At each check everything listed counts, not only what the phone has not had. */
function* foreignSeals(observed: Observed, phone: ObservedPhone): Generator<Violation> {
  for (const { result } of phone.checks) {
    for (const tree of treesOf(observed, followedAt(phone, result.at))) {
      for (const [seal, line] of sealsAt(tree, result.at)) {
        if (acceptsSeal(phone, seal, result.at)) continue;
        const what = `The phone does not trust ${seal}, under which ${line} of ${tree.name} is sealed.`;
        yield { at: result.at, where: phone.name, witness: line, what };
      }
    }
  }
}
