// What a linter says about an OpenAPI document, by its recommended rules.

import { createConfig, lintFromString } from "@redocly/openapi-core";

/** Errors and warnings, a line each; none for a document without a fault. */
export async function lintApi(document: unknown): Promise<string[]> {
  const config = await createConfig({ extends: ["recommended"] });
  const source = JSON.stringify(document);
  const problems = await lintFromString({ source, absoluteRef: "openapi.json", config });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`);
}
