// Which trees a phone follows, and who follows a tree.

import type { UnixSeconds } from "../../core/clock.ts";
import { PHONE_KINDS } from "../../device/kinds.ts";
import type { PhoneKind } from "../../device/phone-kind.ts";
import type { Followed, Observed, ObservedPhone, ObservedTree } from "./observed.ts";

/** What the phone follows at `at`; undefined before it begins. */
export function followedAt({ follows }: Pick<ObservedPhone, "follows">, at: UnixSeconds): Followed | undefined {
  return follows.findLast((followed) => followed.from <= at);
}

/** Its home tree first; a tree that is read twice comes twice. */
export function treesOf({ trees }: Pick<Observed, "trees">, followed: Followed | undefined): ObservedTree[] {
  if (followed === undefined) return [];
  return [followed, ...followed.roaming].flatMap(
    ({ indexUrl }) => trees.find((tree) => tree.indexUrl === indexUrl) ?? [],
  );
}

/** Those that read the tree at `at`, home or roaming. */
export function followersAt(
  { phones }: Pick<Observed, "phones">,
  { indexUrl }: Pick<ObservedTree, "indexUrl">,
  at: UnixSeconds,
): ObservedPhone[] {
  return phones.filter((phone) => {
    const followed = followedAt(phone, at);
    return followed?.indexUrl === indexUrl || followed?.roaming.some((place) => place.indexUrl === indexUrl) === true;
  });
}

/** Trees that phones may follow; the others are read by importers only. */
export function phoneTrees({ trees }: Pick<Observed, "trees">): ObservedTree[] {
  return trees.filter(({ role }) => role !== "second");
}

/** What the catalogue says of the phone; undefined for a kind that it does not have. */
export function kindOf({ kind }: Pick<ObservedPhone, "kind">): PhoneKind | undefined {
  return PHONE_KINDS.find(({ name }) => name === kind);
}
