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
 * Exports that publish at one location, and those of which one may be padded with keys that another takes too, are one
 * group. So what pads an export of few regions stands in its window when the wider ones come to it, and no key of a narrow
 * export is missing in a wide one, by which padding could be told from real keys. For one that is behind the others of its
 * group wait a while; other groups know nothing of it.
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
