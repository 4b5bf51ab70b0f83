// JSON of a server that may answer anything.

export type JsonMembers = Readonly<Record<string, unknown>>;

/** The members of the JSON object in `body`; null where it is none, such as the page of a proxy. */
export function readJsonMembers(body: Uint8Array): JsonMembers | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every object is one of unknown members
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonMembers) : null;
  } catch {
    return null;
  }
}

/** The empty text where it is no text. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
