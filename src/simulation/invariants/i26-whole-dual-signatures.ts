// DB I26: archives with two signatures have two infos, distinct names, a fixed order.

import { phoneTrees } from "../observe/followed-trees.ts";
import { listingsOf } from "../observe/listings.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import type { ArchiveContent } from "../observe/observed-archive.ts";
import { sealName } from "../observe/seals.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const wholeDualSignatures: Invariant = {
  id: "I26",
  rule: "An archive with several signers names each of them in export.bin as in export.sig, once, in an order that stays.",
  experience:
    "All Android phones refuse an archive that names more signers than signed; half of the iOS phones read the wrong one.",
  check: (observed) => earliest(findHalfSigned(observed)),
};

function* findHalfSigned(observed: Observed): Generator<Violation> {
  for (const tree of phoneTrees(observed)) yield* halfSigned(tree);
}

function* halfSigned(tree: ObservedTree): Generator<Violation> {
  const orders = new Map<string, string>();
  for (const { archive, line, from } of listingsOf(tree)) {
    const { content } = archive;
    if (content === null || Math.max(content.infos.length, content.signatures.length) < 2) continue;
    const fault = faultOf(content) ?? orderFault(content, orders);
    if (fault !== null) yield { at: from, where: tree.name, witness: line, what: `${line} ${fault}.` };
  }
}

function faultOf({ infos, signatures }: ArchiveContent): string | null {
  if (infos.length !== signatures.length)
    return `names ${infos.length} signers and has ${signatures.length} signatures`;
  const names = signatures.map(sealName);
  if (new Set(names).size !== names.length) return "has two signatures under one name";
  const isSame = infos.every((info, position) => sealName(info) === names[position]);
  return isSame ? null : "names its signers in another order than they signed";
}

function orderFault({ signatures }: ArchiveContent, orders: Map<string, string>): string | null {
  const order = signatures.map(sealName);
  const signers = order.toSorted().join(" + ");
  const before = orders.get(signers) ?? order.join(" + ");
  orders.set(signers, before);
  return before === order.join(" + ") ? null : `is signed in another order than ${before}`;
}
