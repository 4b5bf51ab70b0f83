// Who may ask, and how a change is made: what the admin server needs from the administration.

import type { UnixSeconds } from "../../../core/clock.ts";
import type { AdminRole, ChangeRoute, ResourceName, RouteInput } from "./admin-route.ts";

export interface Principal {
  readonly name: string;
  readonly role: AdminRole;
}

/** A change that somebody asked for and that was refused before it began. */
export interface RefusedAttempt {
  readonly principal: string;
  readonly operationId: string;
  /** Null where the request does not say it readably. */
  readonly resource: ResourceName | null;
  readonly code: string;
}

export interface AdminGuard {
  /** Who has this token at `now`. Throws `token_unknown`, `token_expired` and `token_revoked`. */
  authenticate(token: string, now: UnixSeconds): Promise<Principal>;
  /**
   * Makes the change and answers the new revision of its resource: revision, change and audit record in one transaction.
   * Throws `changed_meanwhile` where `expectedRevision` is given and not the current one, and whatever the change throws;
   * then nothing is changed and the refusal is in the audit log.
   */
  carryOut(
    route: ChangeRoute,
    input: RouteInput,
    expectedRevision: number | null,
  ): Promise<{ answer: unknown; revision: number }>;
  /** How often the resource was changed; 0 before the first time. */
  revisionOf(resource: ResourceName): Promise<number>;
  /** Records what was refused before `carryOut` was called. */
  recordRefusal(attempt: RefusedAttempt, now: UnixSeconds): Promise<void>;
}
