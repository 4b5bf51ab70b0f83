// A plan for people: what is made and changed, field by field, and what cannot be.

import { styleText } from "node:util";
import { plainText } from "../output/plain-text.ts";
import { renderFieldChange } from "../output/render-changes.ts";
import type { Plan, PlannedItem } from "./plan-types.ts";

export function renderPlan({ items, leftAlone, notMade }: Plan): string {
  const shown = items.filter(({ outcome }) => outcome !== "nothing").map(renderItem);
  const same = items.filter(({ outcome }) => outcome === "nothing").length;
  const rest = [
    ...(same > 0 ? [`${same} as they should be`] : []),
    ...(leftAlone.length > 0
      ? [`left alone, since the file does not name them: ${plainText(leftAlone.join(", "))}`]
      : []),
    ...(notMade.length > 0 ? [`not made without --principals: ${plainText(notMade.join(", "))}`] : []),
  ];
  return [...shown, ...rest.map((line) => `  ${line}\n`)].join("");
}

const SIGNS = {
  create: styleText("green", "+ create"),
  change: styleText("yellow", "~ change"),
  nothing: "  nothing",
  impossible: styleText("red", "✗ impossible"),
} as const;

function renderItem({ outcome, resource, reasons, changes }: PlannedItem): string {
  const why = reasons.map((reason) => `    ${plainText(reason)}\n`);
  return `  ${SIGNS[outcome]}  ${styleText("bold", plainText(resource))}\n${why.join("")}${changes.map(renderFieldChange).join("")}`;
}
