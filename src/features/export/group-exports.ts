// Which exports run together, one after the other, and which for themselves.

import type { ExportConfig } from "./export-types.ts";
import { share } from "./wait-for-narrower.ts";

export interface ExportGroup {
  /** That of the export that was created first. */
  readonly name: string;
  /** Exports of few regions come first. */
  readonly configs: readonly ExportConfig[];
}

/**
 * Two exports are of one group if they publish at one location, or if one may be padded with keys that the other exports
 * too. The narrow ones of a group run first, so the wide ones find their padding in the window: a key that only the narrow one
 * had could be told as padding. The others of a group wait a while for one that is behind; other groups do not.
 */
export function groupExports(configs: readonly ExportConfig[]): ExportGroup[] {
  let groups: ExportConfig[][] = [];
  for (const config of narrowFirst(configs)) {
    const related = groups.filter((group) => group.some((one) => areRelated(one, config)));
    groups = [...groups.filter((group) => !related.includes(group)), [...related.flat(), config]];
  }
  return groups.map((group) => {
    const [first] = group.toSorted((a, b) => a.id - b.id);
    return { name: first?.name ?? "", configs: narrowFirst(group) };
  });
}

function narrowFirst(configs: readonly ExportConfig[]): ExportConfig[] {
  return configs.toSorted((a, b) => a.filter.includeRegions.length - b.filter.includeRegions.length || a.id - b.id);
}

function areRelated(one: ExportConfig, other: ExportConfig): boolean {
  return one.location === other.location || ((one.minRecords > 0 || other.minRecords > 0) && share(one, other));
}
