// Which seals or keys have to be added to a resource, and which keys end otherwise.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import { path } from "../client/admin-path.ts";
import type { FieldChange } from "../output/render-changes.ts";
import type { PlannedRequest, Step } from "./plan-types.ts";
import type { PartKind } from "./tree-kinds.ts";
import type { CurrentPart, Values } from "./tree-types.ts";
import { changedFields, toApi } from "./tree-values.ts";

/** `target`: the path under which parts are added. Current parts that nobody wants stay. */
export function planParts(
  kind: PartKind,
  target: string,
  wanted: readonly Values[],
  current: readonly CurrentPart[],
  now: UnixSeconds,
): Step {
  const fixed = kind.fields.filter((field) => field.fixed);
  const changeable = kind.fields.filter((field) => !field.fixed);
  const changes: FieldChange[] = [];
  const reasons: string[] = [];
  const requests: PlannedRequest[] = [];
  // One that is still to come stands in nobody's way.
  const begun = current.filter(({ values }) => beginningOf(values) <= isoTime(now));
  let last = kind.inOrder ? beginningOf(begun.at(-1)?.values) : "";

  for (const [at, part] of wanted.entries()) {
    const found = current.find(({ values }) => changedFields(fixed, part, values).length === 0);
    const field = `${kind.section}.${at}`;
    if (found === undefined) {
      const body = toApi(kind.fields, part, now);
      changes.push(
        ...Object.entries(part).map(([name, after]) => ({ field: `${field}.${name}`, before: undefined, after })),
      );
      requests.push({ method: "POST", path: target, body, part: at });
      const from = beginningOf(body);
      if (last !== "" && from !== "" && from <= last)
        reasons.push(`${field} has to begin after the ${kind.word} before it, ${last}`);
      if (kind.inOrder && from !== "") last = from;
      continue;
    }
    const changed = changedFields(changeable, part, found.values);
    if (changed.length === 0 || found.id === null) continue;
    for (const { name } of changed) {
      changes.push({ field: `${field}.${name}`, before: found.values[name], after: part[name] });
    }
    if (current.findLast(({ id }) => id === found.id) !== found)
      reasons.push(`${field} cannot change: a later ${kind.word} has its ${kind.id}`);
    requests.push({
      method: "PATCH",
      path: `${target}${path`/${found.id}`}`,
      body: toApi(changed, part, now),
      part: at,
    });
  }
  return { changes, reasons, requests };
}

/** Empty where it does not say when. */
function beginningOf(values: Values | undefined): string {
  const from = values?.["from"];
  return typeof from === "string" ? from : "";
}
