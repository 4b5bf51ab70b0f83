// The words of the administration: principals and their tokens, and entries of the audit log.

import type { UnixSeconds } from "../../core/clock.ts";
import type { AdminRole, ResourceName } from "../../platform/http/admin/admin-route.ts";

export type AdministrationErrorCode =
  | "principal_exists"
  | "principal_unknown"
  | "principal_revoked"
  | "principal_invalid"
  | "administrator_needed";

export const PRINCIPAL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export interface NewPrincipal {
  readonly name: string;
  readonly role: AdminRole;
  /** When its token stops being taken; null: never. */
  readonly expiresAt: UnixSeconds | null;
}

export interface PrincipalRecord extends NewPrincipal {
  readonly createdAt: UnixSeconds;
  readonly revokedAt: UnixSeconds | null;
  /** To within minutes. */
  readonly lastUsedAt: UnixSeconds | null;
}

export interface NewAuditEntry {
  readonly at: UnixSeconds;
  readonly principal: string;
  readonly operation: string;
  readonly resource: ResourceName | null;
  /** Failed: for a reason that nobody foresaw. */
  readonly outcome: "done" | "refused" | "failed";
  readonly code: string | null;
  /** JSON text. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface AuditEntry extends Omit<NewAuditEntry, "before" | "after"> {
  readonly id: number;
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditFilter {
  readonly kind?: string;
  readonly name?: string;
  readonly principal?: string;
}
