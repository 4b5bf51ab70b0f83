// The description of the admin API: complete, and without a fault that a linter finds.

import { expect, test } from "vitest";
import { lintApi } from "../../../../test/support/lint-api.ts";
import { treeRoutes } from "../../../../test/support/tree-routes.ts";
import type { AdminRoute } from "./admin-route.ts";
import { nothing } from "./admin-schemas.ts";
import { describeApi } from "./describe-api.ts";

const routes = treeRoutes();
const [list, show, plant, grow] = routes;

test("a linter has nothing to say about it", async () => {
  expect(await lintApi(describeApi(routes, "1.2.3"))).toEqual([]);
});

test("a linter would find what is wrong", async () => {
  expect(await lintApi({ ...describeApi(routes, "1.2.3"), servers: [] })).toHaveLength(1);
});

test("an operation has its parameters, its answer, and every refusal with its codes", () => {
  const { paths, components } = describeApi(routes, "1.2.3");
  expect(paths).toMatchObject({
    "/v1/trees/{name}": {
      patch: {
        operationId: "growTree",
        parameters: [
          { name: "name", in: "path", required: true },
          { name: "If-Match", in: "header", required: false },
        ],
        requestBody: { required: true },
        responses: {
          200: {
            headers: { ETag: { required: true } },
            content: { "application/json": { schema: { $ref: "#/components/schemas/Tree" } } },
          },
          404: { content: { "application/json": { schema: { allOf: [{}, refusedWith("mirror_unknown")] } } } },
          412: { $ref: "#/components/responses/change-412" },
        },
      },
    },
    "/v1/trees": {
      get: { parameters: [{ name: "limit", in: "query", required: false }, { name: "after" }] },
    },
  });
  expect(components).toMatchObject({
    responses: {
      "change-412": { content: { "application/json": { schema: { allOf: [{}, refusedWith("changed_meanwhile")] } } } },
    },
  });
});

test("only health and the description itself need no token", () => {
  const { paths, security } = describeApi(routes, "1.2.3");
  const open = Object.entries(paths as Record<string, { get?: { security?: unknown } }>).filter(
    ([, { get }]) => get?.security !== undefined,
  );
  expect(open.map(([path]) => path)).toEqual(["/health/live", "/health/ready", "/v1/openapi.json"]);
  expect(security).toEqual([{ bearer: [] }]);
});

test.each<[string, readonly (AdminRoute | undefined)[]]>([
  ["growTree is there twice", [grow, { ...must(grow), path: "/v1/woods/{name}" }]],
  ["PATCH /v1/trees/{name} is there twice", [grow, { ...must(grow), operationId: "other" }]],
  ["parameters have other names", [{ ...must(show), params: nothing }]],
  ["parameters have other names", [{ ...must(list), path: "/v1/{wood}/trees" }]],
  ["tree_cut has no status", [{ ...must(plant), codes: ["tree_cut"] }]],
])("routes that contradict each other are refused: %s", (message, wrong) => {
  expect(() => describeApi(wrong.map(must), "1.2.3")).toThrow(message);
});

function refusedWith(code: string) {
  return { properties: { code: { enum: [code] } } };
}

function must(route: AdminRoute | undefined): AdminRoute {
  if (route === undefined) throw new Error("there is no such route");
  return route;
}
