// What a plan says.

import type { FieldChange } from "../output/render-changes.ts";
import type { Section, Values } from "./tree-types.ts";

export interface PlannedRequest {
  readonly method: "POST" | "PATCH";
  readonly path: string;
  readonly body: Values;
  /** Which part of the item it is about, as the tree counts them; absent where it is about the item itself. */
  readonly part?: number;
}

/** What a part of an item needs. */
export interface Step {
  readonly changes: readonly FieldChange[];
  /** Why it is impossible; none where it is possible. */
  readonly reasons: readonly string[];
  readonly requests: readonly PlannedRequest[];
}

export interface PlannedItem extends Step {
  readonly section: Section;
  /** "location client". */
  readonly resource: string;
  readonly outcome: "create" | "change" | "nothing" | "impossible";
  /** The revision for which the first request holds; each leaves the one for the next. */
  readonly tag: string | null;
}

export interface Plan {
  /** In an order in which each can be made. */
  readonly items: readonly PlannedItem[];
  /** What the server has besides: it stays as it is. */
  readonly leftAlone: readonly string[];
  /** What is missing and was not asked to be made. */
  readonly notMade: readonly string[];
}
