// The routes of exposure keys: how many there are, and making up some for tests.

import { HOUR, isoTime } from "../../core/clock.ts";
import { type AdminRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import { nothing } from "../../platform/http/admin/admin-schemas.ts";
import {
  type GenerationRequestBody,
  generationRequestSchema,
  generationSchema,
  type KeyTotalsBody,
  keyTotalsSchema,
} from "./admin-schemas.ts";
import { generateTestKeys, type TestKeyDeps, type TestKeyRequest } from "./generate-test-keys.ts";
import { countPlannedRevisions } from "./planned-revision-queries.ts";
import { countTestKeys, type KeyTotals, readKeyTotals } from "./total-queries.ts";

export function exposureRoutes(deps: TestKeyDeps): AdminRoute[] {
  return [showTotals, generateRoute(deps)];
}

const words = { tag: "exposures" } as const;

const showTotals = readRoute({
  ...words,
  path: "/v1/exposures/totals",
  operationId: "showKeyTotals",
  summary: "How many exposure keys are stored, by where they came from",
  role: "auditor",
  params: nothing,
  query: nothing,
  answer: keyTotalsSchema,
  codes: [],
  read: async (database) => toTotalsBody(await readKeyTotals(database.db)),
});

function generateRoute(deps: TestKeyDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/exposures/generation",
    operationId: "generateTestKeys",
    summary: "Makes up exposure keys for a test region",
    description: "They are exported like real ones. Only a server that is configured for it does so.",
    role: "operator",
    params: nothing,
    body: generationRequestSchema,
    answer: generationSchema,
    status: 201,
    codes: ["generation_not_allowed", "generation_settings_invalid"],
    resource: () => ({ kind: "exposures", name: "test" }),
    look: async ({ db }) => ({
      testKeys: await countTestKeys(db),
      plannedRevisions: await countPlannedRevisions(db),
    }),
    change: async (database, { body, now }) => {
      const request = toRequest(body);
      const { keys, revisions } = await generateTestKeys({ ...deps, database }, request, now);
      const reviseAt = revisions > 0 ? isoTime(now + request.reviseAfterSeconds) : null;
      return { persons: body.persons, keys, revisions, reviseAt };
    },
  });
}

/** With the oldest of 13 keys other servers still take it after a day. */
const DEFAULT_KEYS_PER_PERSON = 13;

function toRequest(body: GenerationRequestBody): TestKeyRequest {
  return {
    regions: body.regions,
    traveler: body.traveler ?? false,
    persons: body.persons,
    keysPerPerson: body.keysPerPerson ?? DEFAULT_KEYS_PER_PERSON,
    reportType: body.reportType ?? "mixed",
    revisedShare: body.revisedShare ?? 0,
    reviseAfterSeconds: body.reviseAfterSeconds ?? 2 * HOUR,
  };
}

function toTotalsBody({ exact, byOrigin, awaitedRevisions }: KeyTotals): KeyTotalsBody {
  const { generated: padding, ...origins } = byOrigin;
  const total = Object.values(byOrigin).reduce((sum, count) => sum + count, 0);
  return { exact, total, byOrigin: { ...origins, padding }, awaitedRevisions };
}
