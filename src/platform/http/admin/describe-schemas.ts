// TypeBox schemas as JSON Schema in an OpenAPI document: whatever has a title becomes a component.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };
export type JsonObject = { readonly [member: string]: Json };

export interface SchemaCollector {
  /** The schema as it stands in the document. Throws RangeError where two different schemas have one title. */
  describe(schema: object): JsonObject;
  /** Every component so far, in the order of their names. */
  components(): JsonObject;
}

export function createSchemaCollector(): SchemaCollector {
  const found = new Map<string, Json>();

  function visit(value: Json): Json {
    if (typeof value !== "object" || value === null) return value;
    if (isList(value)) return value.map(visit);
    const copy = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, visit(member)]));
    return typeof value["title"] === "string" ? refer(value["title"], copy) : copy;
  }

  function refer(title: string, schema: Json): Json {
    const known = found.get(title);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new RangeError(`two different schemas have the title ${title}`);
    }
    found.set(title, schema);
    return { $ref: `#/components/schemas/${title}` };
  }

  return {
    describe: (schema) => asObject(visit(toJson(schema))),
    components: () => Object.fromEntries([...found].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** Without what TypeBox keeps beside the schema for itself. */
function toJson(schema: object): Json {
  const json: Json = JSON.parse(JSON.stringify(schema));
  return json;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function asObject(value: Json): JsonObject {
  if (typeof value !== "object" || value === null || isList(value)) throw new RangeError("a schema is an object");
  return value;
}
