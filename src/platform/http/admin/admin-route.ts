// One operation of the admin API as data: features list theirs, the admin server answers them and describes them.

import type { Static, TObject, TSchema } from "typebox";
import type { UnixSeconds } from "../../../core/clock.ts";
import type { Database } from "../../database/database.ts";
import type { PreviewBody } from "./preview-schemas.ts";

/** Each may do what the ones before it may: read; configure and run; manage principals and signing keys. */
export const ADMIN_ROLES = ["auditor", "operator", "administrator"] as const;
export type AdminRole = (typeof ADMIN_ROLES)[number];

export interface RouteInput<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The name of the principal that asks. */
  readonly principal: string;
  readonly now: UnixSeconds;
}

/** What a change is about: the unit of the audit log and of `If-Match`. */
export interface ResourceName {
  /** "export", "signing-key". */
  readonly kind: string;
  readonly name: string;
}

interface RouteWords {
  /** With parameters in braces: "/v1/exports/{name}". */
  readonly path: string;
  /** Unique, verb first: "createExport". */
  readonly operationId: string;
  /** The group in the document: "exports". */
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** The least role that may ask. */
  readonly role: AdminRole;
  /** Codes of refusals that this operation adds to the ones that every operation has. */
  readonly codes: readonly string[];
}

/** Answers a question; changes nothing. */
export interface ReadRoute extends RouteWords {
  readonly kind: "read";
  readonly method: "GET";
  readonly params: TObject;
  readonly query: TObject;
  readonly answer: TSchema;
  /** Given where the answer shows one resource, which then carries its revision as ETag. */
  resource?(input: RouteInput): ResourceName;
  read(database: Database, input: RouteInput): Promise<unknown>;
}

/** Changes one resource, in one transaction with its audit record. */
export interface ChangeRoute extends RouteWords {
  readonly kind: "change";
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly params: TObject;
  readonly body: TObject;
  readonly answer: TSchema;
  readonly status: 200 | 201 | 202;
  /** The role that this very change needs, where it is a higher one. */
  roleFor?(input: RouteInput): AdminRole;
  resource(input: RouteInput): ResourceName;
  /** The resource as the audit log keeps it before and after; null when there is none. Never secrets. */
  look(database: Database, input: RouteInput): Promise<unknown>;
  /** `database` is the transaction: whatever is done with it is done together with the audit record, or not at all. */
  change(database: Database, input: RouteInput): Promise<unknown>;
  /** Where given, a route beside it answers this; throws what the change would throw. */
  preview?(database: Database, input: RouteInput): Promise<PreviewBody>;
}

/** Tells what a change with this body would do; changes nothing, and is no part of the audit log. */
export interface PreviewRoute extends RouteWords {
  readonly kind: "preview";
  readonly method: "POST";
  readonly params: TObject;
  readonly body: TObject;
  readonly answer: TSchema;
  resource(input: RouteInput): ResourceName;
  read(database: Database, input: RouteInput): Promise<unknown>;
}

export type AdminRoute = ReadRoute | ChangeRoute | PreviewRoute;

type Typed<Params extends TObject, Query extends TObject, Body extends TObject> = RouteInput<
  Static<Params>,
  Static<Query>,
  Static<Body>
>;

/** A read route whose functions see the types of their schemas; the admin server checks every input against these. */
export function readRoute<Params extends TObject, Query extends TObject, Answer extends TSchema>(
  route: Omit<ReadRoute, "kind" | "method" | "params" | "query" | "answer" | "resource" | "read"> & {
    readonly params: Params;
    readonly query: Query;
    readonly answer: Answer;
    readonly resource?: (input: Typed<Params, Query, TObject>) => ResourceName;
    readonly read: (database: Database, input: Typed<Params, Query, TObject>) => Promise<Static<Answer>>;
  },
): ReadRoute {
  return { ...route, kind: "read", method: "GET" };
}

/** A change route whose functions see the types of their schemas; the admin server checks every input against these. */
export function changeRoute<Params extends TObject, Body extends TObject, Answer extends TSchema>(
  route: Omit<
    ChangeRoute,
    "kind" | "params" | "body" | "answer" | "roleFor" | "resource" | "look" | "change" | "preview"
  > & {
    readonly params: Params;
    readonly body: Body;
    readonly answer: Answer;
    readonly roleFor?: (input: Typed<Params, TObject, Body>) => AdminRole;
    readonly resource: (input: Typed<Params, TObject, Body>) => ResourceName;
    readonly look: (database: Database, input: Typed<Params, TObject, Body>) => Promise<unknown>;
    readonly change: (database: Database, input: Typed<Params, TObject, Body>) => Promise<Static<Answer>>;
    readonly preview?: (database: Database, input: Typed<Params, TObject, Body>) => Promise<PreviewBody>;
  },
): ChangeRoute {
  return { ...route, kind: "change" };
}
