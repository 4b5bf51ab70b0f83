// A resource as the audit log keeps it: JSON of bounded length.

const MAX_CHARACTERS = 64 * 1024;

/** JSON text; of what would be too long only its length. Null stays null. */
export function toAuditJson(resource: unknown): string | null {
  if (resource === null || resource === undefined) return null;
  const json = JSON.stringify(resource);
  return json.length <= MAX_CHARACTERS ? json : JSON.stringify({ leftOut: "too long", characters: json.length });
}
