// A resource's revision as an entity tag (RFC 9110, 8.8.3 and 13.1.1).

import { adminError } from "./admin-error.ts";

const REVISION_TAG = /^"(0|[1-9]\d{0,14})"$/;

export function tagOfRevision(revision: number): string {
  return `"${revision}"`;
}

/** The revision that an If-Match expects; null without one. Throws `request_invalid` for any other form. */
export function parseIfMatch(header: string | undefined): number | null {
  if (header === undefined) return null;
  const revision = REVISION_TAG.exec(header.trim())?.[1];
  if (revision !== undefined) return Number(revision);
  throw adminError("request_invalid", "If-Match is not one ETag of this server", {
    remedy: "Send the ETag as it was answered, or leave If-Match out to change the resource whatever it is now.",
  });
}
