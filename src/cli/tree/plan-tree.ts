// What has to be done so that a server has what a tree asks for. Nothing is ever deleted.

import type { UnixSeconds } from "../../core/clock.ts";
import { path } from "../client/admin-path.ts";
import { planParts } from "./plan-parts.ts";
import type { Plan, PlannedItem, PlannedRequest, Step } from "./plan-types.ts";
import { KINDS, type Kind } from "./tree-kinds.ts";
import {
  type CurrentItem,
  type CurrentTree,
  SECTIONS,
  type Values,
  type WantedItem,
  type WantedTree,
} from "./tree-types.ts";
import { changedFields, toApi } from "./tree-values.ts";

export function planTree(wanted: WantedTree, current: CurrentTree, now: UnixSeconds): Plan {
  const items = SECTIONS.flatMap((section) =>
    wanted[section].map((item) => {
      const found = current[section].find(({ name }) => name === item.name);
      return planItem(KINDS[section], item, found ?? null, now);
    }),
  );
  const leftAlone = SECTIONS.flatMap((section) =>
    current[section]
      .filter(({ name }) => wanted[section].every((item) => item.name !== name))
      .map(({ name }) => `${KINDS[section].word} ${name}`),
  );
  return { items, leftAlone, notMade: [] };
}

function planItem(kind: Kind, item: WantedItem, found: CurrentItem | null, now: UnixSeconds): PlannedItem {
  const steps = found === null ? planCreation(kind, item, now) : planChange(kind, item, found, now);
  const changes = steps.flatMap((step) => step.changes);
  const requests = steps.flatMap((step) => step.requests);
  const reasons = steps.flatMap((step) => step.reasons);
  // Of a principal nothing but its being there is wanted, and one that was revoked is not there.
  if (found?.closed && (requests.length > 0 || kind.section === "principals")) reasons.unshift(found.closed);
  const outcome = found === null ? "create" : requests.length > 0 ? "change" : "nothing";
  return {
    section: kind.section,
    resource: `${kind.word} ${item.name}`,
    outcome: reasons.length > 0 ? "impossible" : outcome,
    changes,
    reasons,
    requests,
    tag: found?.tag ?? null,
  };
}

function planCreation(kind: Kind, item: WantedItem, now: UnixSeconds): Step[] {
  const { name, values, parts } = item;
  const post = (more: Values): PlannedRequest => {
    return { method: "POST", path: kind.path, body: { name, ...toApi(kind.fields, values, now), ...more } };
  };
  const given = kind.fields.filter((field) => field.name in values);
  const changes = given.map((field) => ({ field: field.name, before: undefined, after: values[field.name] }));
  const { parts: partKind } = kind;
  if (partKind === undefined) return [{ changes, reasons: [], requests: [post({})] }];

  const { section, fields, madeWith, word } = partKind;
  const [first, ...others] = parts;
  const later = { none: parts, seal: others, all: [] }[madeWith];
  const planned = planParts(partKind, partsPath(kind, name), parts, [], now);
  const body = {
    none: {},
    seal: { seal: first && toApi(fields, first, now) },
    all: { [section]: parts.map((part) => toApi(fields, part, now)) },
  }[madeWith];
  const reasons = madeWith !== "none" && first === undefined ? [`it needs at least one ${word}`] : [];
  const requests = later.length === 0 ? [] : planned.requests.slice(-later.length);
  return [
    { changes, reasons, requests: [post(body)] },
    { ...planned, requests },
  ];
}

function planChange(kind: Kind, item: WantedItem, found: CurrentItem, now: UnixSeconds): Step[] {
  const changed = changedFields(kind.fields, item.values, found.values);
  const changes = changed.map(({ name: field }) => ({
    field,
    before: found.values[field],
    after: item.values[field],
  }));
  const reasons = changed
    .filter(({ fixed }) => fixed)
    .map(({ name }) => `${name} cannot change once the ${kind.word} is there`);
  const body = toApi(changed, item.values, now);
  const patch: PlannedRequest = { method: "PATCH", path: `${kind.path}${path`/${item.name}`}`, body };
  const settings = { changes, reasons, requests: changed.length === 0 ? [] : [patch] };
  if (kind.parts === undefined) return [settings];
  return [settings, planParts(kind.parts, partsPath(kind, item.name), item.parts, found.parts, now)];
}

function partsPath(kind: Kind, name: string): string {
  return `${kind.path}${path`/${name}/${kind.parts?.path ?? ""}`}`;
}
