// A quick look instead of a proof: a few archives of the state, and as few of a place as it takes to find their keys.

import type { Random } from "../core/random.ts";
import type { ArchiveChoice } from "./collect-trees.ts";
import type { ListedArchive } from "./read-tree.ts";

/** Where in a listing an archive is: 0 for the first one, 1 for the last. */
type Share = number;

/** Chooses `count` archives of a listing at random; `shares` then says where they are. */
export function chooseSome(count: number, random: Random): ArchiveChoice & { readonly shares: Share[] } {
  const shares: Share[] = [];
  const order = (listed: readonly ListedArchive[]) => {
    const left = listed.map((archive, index) => ({ archive, share: shareOf(index, listed.length) }));
    const chosen: typeof left = [];
    while (chosen.length < count && left.length > 0) chosen.push(...left.splice(random.integer(left.length - 1), 1));
    shares.push(...chosen.map(({ share }) => share));
    return chosen.map(({ archive }) => archive);
  };
  return { shares, order, take: () => undefined, isEnough: () => false };
}

/** Reads archives nearest to `shares` first, since listings run through the same days, until `wanted` is empty. */
export function searchNear(shares: readonly Share[], wanted: Set<string>): ArchiveChoice {
  const order = (listed: readonly ListedArchive[]) => {
    const distance = (index: number) =>
      Math.min(...shares.map((share) => Math.abs(share - shareOf(index, listed.length))));
    return listed
      .map((archive, index) => ({ archive, distance: distance(index) }))
      .sort((a, b) => a.distance - b.distance)
      .map(({ archive }) => archive);
  };
  return {
    order,
    take: (keys) => {
      for (let index = 0; index < keys.length; index++) wanted.delete(keys.keyHex(index));
    },
    isEnough: () => wanted.size === 0,
  };
}

function shareOf(index: number, length: number): Share {
  return length === 1 ? 1 : index / (length - 1);
}
