// Each key once in an index: what was published comes again only with other values, and then as a revision (DB I20).

import type { ExposureKey } from "../../../core/exposure-key.ts";
import { recordHexOf, type WindowKeys } from "./shelf.ts";

export interface KeyFilter {
  keepNew(keys: WindowKeys): WindowKeys;
  remember(published: WindowKeys): void;
}

export function createKeyFilter(): KeyFilter {
  const keysSeen = new Set<string>();
  const recordsSeen = new Set<string>();
  const isSeen = (key: ExposureKey) => keysSeen.has(key.keyData.toHex());
  const isRepeated = (key: ExposureKey) => recordsSeen.has(recordHexOf(key));
  return {
    keepNew({ primaries, revised }) {
      const later = [...primaries.filter(isSeen), ...revised];
      return {
        primaries: primaries.filter((key) => !isSeen(key)),
        revised: later.filter((key) => !isRepeated(key)),
      };
    },
    remember({ primaries, revised }) {
      for (const key of [...primaries, ...revised]) {
        keysSeen.add(key.keyData.toHex());
        recordsSeen.add(recordHexOf(key));
      }
    },
  };
}
