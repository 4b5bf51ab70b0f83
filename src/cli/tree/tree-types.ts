// A tree of configuration: what a file asks for, and what a server has.

/** In the order in which one may depend on the other. */
export const SECTIONS = [
  "signingKeys",
  "locations",
  "exports",
  "sources",
  "mirrors",
  "authorities",
  "apps",
  "principals",
] as const;
export type Section = (typeof SECTIONS)[number];

/** By the names of the fields, each in its one way of writing. */
export type Values = Readonly<Record<string, unknown>>;

export interface WantedItem {
  readonly name: string;
  /** Only what the file says. */
  readonly values: Values;
  readonly parts: readonly Values[];
}

export type WantedTree = Readonly<Record<Section, readonly WantedItem[]>>;

export interface CurrentPart {
  /** Under which it can be changed; null for what cannot. */
  readonly id: number | string | null;
  readonly values: Values;
  /** The server has it from elsewhere and not by an operator: it stands in no file. */
  readonly isForeign?: true;
}

export interface CurrentItem {
  readonly name: string;
  readonly values: Values;
  readonly parts: readonly CurrentPart[];
  /** The revision, for If-Match; null where it was only listed. */
  readonly tag: string | null;
  /** Why nothing of it can change any more; null while it can. */
  readonly closed: string | null;
}

export type CurrentTree = Readonly<Record<Section, readonly CurrentItem[]>>;
