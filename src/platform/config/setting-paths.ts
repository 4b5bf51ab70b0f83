// Members of nested values by dotted paths: "publicListener.port".

/** undefined where there is none. */
export function memberAt(value: unknown, path: string): unknown {
  let member = value;
  for (const name of path.split(".")) {
    if (typeof member !== "object" || member === null || !Object.hasOwn(member, name)) return undefined;
    member = Reflect.get(member, name);
  }
  return member;
}

/** A copy in which `path` is `member`; what stands in the way and is no object stays, for the schema to refuse. */
export function withMember(value: unknown, path: string, member: unknown): unknown {
  const [name = "", ...rest] = path.split(".");
  const own = value ?? {};
  if (typeof own !== "object" || Array.isArray(own)) return own;
  const inner = rest.length === 0 ? member : withMember(memberAt(own, name), rest.join("."), member);
  return Object.fromEntries([...Object.entries(own).filter(([other]) => other !== name), [name, inner]]);
}
