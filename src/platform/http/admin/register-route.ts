// Answers one route of a feature: role and input, then the reading or the guarded change.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock, UnixSeconds } from "../../../core/clock.ts";
import { codeOf } from "../../../core/coded-error.ts";
import type { Database } from "../../database/database.ts";
import type { Report } from "../../observe/report.ts";
import type { AdminGuard, Principal } from "./admin-guard.ts";
import type { AdminRoute, ChangeRoute, PreviewRoute, ReadRoute, RouteInput } from "./admin-route.ts";
import { type Principals, principalOf, requireRole } from "./authenticate-requests.ts";
import { type CheckInput, compileInputCheck } from "./check-input.ts";
import { parseIfMatch, tagOfRevision } from "./entity-tag.ts";

export interface RouteSurroundings {
  readonly database: Database;
  readonly guard: AdminGuard;
  readonly clock: Clock;
  readonly report: Report;
  readonly principals: Principals;
}

/** One request for a route. */
interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal;
  readonly now: UnixSeconds;
  /** Throws `request_invalid`. */
  readonly readInput: () => RouteInput;
}

export function registerRoute(server: FastifyInstance, route: AdminRoute, surroundings: RouteSurroundings): void {
  const check = compileInputCheck(route);
  const { clock, principals } = surroundings;
  server.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    handler: (request, reply) => {
      const principal = principalOf(request, principals);
      const now = clock.now();
      const readInput = () => ({ ...check(partsOf(request)), principal: principal.name, now });
      const asked = { request, reply, principal, now, readInput };
      return route.kind === "change"
        ? answerChange(route, surroundings, asked)
        : answerRead(route, surroundings, asked);
    },
  });
}

function partsOf({ params, query, body }: FastifyRequest): Parameters<CheckInput>[0] {
  return { params, query, body: body ?? {} };
}

async function answerRead(
  route: ReadRoute | PreviewRoute,
  { database, guard }: RouteSurroundings,
  asked: Asked,
): Promise<unknown> {
  requireRole(asked.principal, route.role);
  const input = asked.readInput();
  if (route.resource === undefined) return route.read(database, input);
  // Asked for first: if the resource changes in between, the tag is too old and refuses, not too new and overwrites.
  const revision = await guard.revisionOf(route.resource(input));
  const answer = await route.read(database, input);
  asked.reply.header("etag", tagOfRevision(revision));
  return answer;
}

async function answerChange(route: ChangeRoute, { guard, report }: RouteSurroundings, asked: Asked): Promise<unknown> {
  const { input, expectedRevision } = await admitChange(route, guard, asked);
  const { answer, revision } = await guard.carryOut(route, input, expectedRevision);
  const { kind, name } = route.resource(input);
  const requestId = asked.request.id;
  report({ event: "admin.changed", operation: route.operationId, kind, name, principal: input.principal, requestId });
  return asked.reply.code(route.status).header("etag", tagOfRevision(revision)).send(answer);
}

/** What the change may go on with; a refusal is recorded with the resource, as far as the request says it readably. */
async function admitChange(
  route: ChangeRoute,
  guard: AdminGuard,
  { request, principal, now, readInput }: Asked,
): Promise<{ input: RouteInput; expectedRevision: number | null }> {
  const reading = attempt(readInput);
  try {
    requireRole(principal, route.role);
    if ("error" in reading) throw reading.error;
    if (route.roleFor !== undefined) requireRole(principal, route.roleFor(reading.value));
    return { input: reading.value, expectedRevision: parseIfMatch(request.headers["if-match"]) };
  } catch (error) {
    const resource = "error" in reading ? null : route.resource(reading.value);
    const code = codeOf(error) ?? "unexpected";
    await guard.recordRefusal({ principal: principal.name, operationId: route.operationId, resource, code }, now);
    throw error;
  }
}

function attempt<T>(work: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}
