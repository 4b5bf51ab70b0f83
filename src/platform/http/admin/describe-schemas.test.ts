// Schemas with a title become components, each once.

import { Type } from "typebox";
import { expect, test } from "vitest";
import { createSchemaCollector } from "./describe-schemas.ts";

const leaf = () => Type.Object({ size: Type.Integer() }, { title: "Leaf" });

test("a schema with a title is referred to wherever it stands", () => {
  const schemas = createSchemaCollector();
  expect(schemas.describe(Type.Array(leaf()))).toEqual({
    type: "array",
    items: { $ref: "#/components/schemas/Leaf" },
  });
  expect(schemas.describe(leaf())).toEqual({ $ref: "#/components/schemas/Leaf" });
  expect(schemas.components()).toEqual({
    Leaf: { type: "object", title: "Leaf", required: ["size"], properties: { size: { type: "integer" } } },
  });
});

test("a member that is called title is no title", () => {
  const book = Type.Object({ title: Type.String() });
  expect(createSchemaCollector().describe(book)).toMatchObject({ properties: { title: { type: "string" } } });
});

test("two different schemas cannot have one title", () => {
  const schemas = createSchemaCollector();
  schemas.describe(leaf());
  expect(() => schemas.describe(Type.String({ title: "Leaf" }))).toThrow("two different schemas have the title Leaf");
});
