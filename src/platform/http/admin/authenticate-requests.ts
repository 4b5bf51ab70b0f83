// Asks of every request who sends it, before anything of its body is read.

import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Clock } from "../../../core/clock.ts";
import { adminError } from "./admin-error.ts";
import type { AdminGuard, Principal } from "./admin-guard.ts";
import { ADMIN_ROLES, type AdminRole } from "./admin-route.ts";
import { readBearerToken } from "./bearer-token.ts";

/** Who sent a request; empty for the paths that are open to all. */
export type Principals = WeakMap<FastifyRequest, Principal>;

export function authenticateRequests(
  server: FastifyInstance,
  { guard, clock }: { readonly guard: AdminGuard; readonly clock: Clock },
  principals: Principals,
  openPaths: ReadonlySet<string>,
): void {
  server.addHook("onRequest", async (request) => {
    if (openPaths.has(request.routeOptions.url ?? "")) return;
    principals.set(request, await guard.authenticate(readBearerToken(request.headers.authorization), clock.now()));
  });
}

/** The principal of a request behind the hook. */
export function principalOf(request: FastifyRequest, principals: Principals): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw new Error(`${request.routeOptions.url} is answered without asking for a token`);
  return principal;
}

/** Throws `role_insufficient` where the principal may do less than `needed`. */
export function requireRole(principal: Principal, needed: AdminRole): void {
  if (ADMIN_ROLES.indexOf(principal.role) >= ADMIN_ROLES.indexOf(needed)) return;
  throw adminError("role_insufficient", `this needs the role ${needed}, and ${principal.name} is ${principal.role}`, {
    remedy: `Ask with the token of a principal that has the role ${needed}.`,
  });
}
