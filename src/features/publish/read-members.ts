// JSON objects as the reference reads them: member names in any case, null for absent, nothing unknown (KS 3.1).

export type JsonProblem = { readonly problem: string };

export type MemberType = "string" | "boolean" | "int32" | "integer" | "list";

/** The members that an object may have, by their names as they should be and in lower case. */
export type MemberTypes = ReadonlyMap<string, { readonly name: string; readonly type: MemberType }>;

const SMALLEST_INT32 = -0x8000_0000;
const LARGEST_INT32 = 0x7fff_ffff;

export function memberTypes(types: Readonly<Record<string, MemberType>>): MemberTypes {
  const known = Object.entries(types).map(([name, type]) => ({ name, type }));
  const named = (nameOf: (name: string) => string) => known.map((one) => [nameOf(one.name), one] as const);
  return new Map([...named((name) => name), ...named((name) => name.toLowerCase())]);
}

/** The members of `value` under their right names; null members are left out. */
export function readMembers(value: unknown, where: string, types: MemberTypes): Map<string, unknown> | JsonProblem {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { problem: `${where} is no object` };
  const members = new Map<string, unknown>();
  for (const [name, member] of Object.entries(value)) {
    const known = types.get(name) ?? types.get(name.toLowerCase());
    // What the stranger calls it is not repeated.
    if (known === undefined) return { problem: `${where} has an unknown member` };
    if (member === null) members.delete(known.name);
    else if (!isOfType(member, known.type)) return { problem: `${known.name} of ${where} is no ${known.type}` };
    else members.set(known.name, member);
  }
  return members;
}

export function isProblem(result: object): result is JsonProblem {
  return "problem" in result;
}

function isOfType(value: unknown, type: MemberType): boolean {
  if (type === "list") return Array.isArray(value);
  if (type !== "int32" && type !== "integer") return typeof value === type;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return false;
  return type === "integer" || (value >= SMALLEST_INT32 && value <= LARGEST_INT32);
}
