// What a server has, in the words of a tree.

import type { PrincipalBody } from "../../features/administration/admin-schemas.ts";
import type { AdminClient } from "../client/admin-client.ts";
import { path } from "../client/admin-path.ts";
import { type Field, KINDS, type Kind, type PartKind } from "./tree-kinds.ts";
import {
  type CurrentItem,
  type CurrentPart,
  type CurrentTree,
  SECTIONS,
  type Section,
  type Values,
  type WantedTree,
} from "./tree-types.ts";

/** An answer of the API; which members it has the kind says. */
type Body = Readonly<Record<string, unknown>> & { readonly name: string };

/** Everything; what `wanted` names comes with its revision. */
export async function readServer(client: AdminClient, wanted: WantedTree | null): Promise<CurrentTree> {
  const read: Partial<Record<Section, CurrentItem[]>> = {};
  for (const section of SECTIONS) {
    const kind = KINDS[section];
    const named = new Set(wanted?.[section].map(({ name }) => name));
    const items: CurrentItem[] = [];
    for (const body of await client.list<Body>(kind.path)) {
      items.push(named.has(body.name) ? await readTagged(client, kind, body.name) : itemFrom(kind, body, null));
    }
    read[section] = items;
  }
  return read as CurrentTree;
}

async function readTagged(client: AdminClient, kind: Kind, name: string): Promise<CurrentItem> {
  const { answer, tag } = await client.read<Body>(`${kind.path}${path`/${name}`}`);
  return itemFrom(kind, answer, tag);
}

export function itemFrom(kind: Kind, body: Body, tag: string | null): CurrentItem {
  const { parts } = kind;
  const members = (parts === undefined ? [] : (body[parts.section] ?? [])) as readonly Body[];
  return {
    name: body.name,
    values: valuesFrom(kind.fields, body),
    parts: parts === undefined ? [] : members.map((part) => partFrom(parts, part)),
    tag,
    closed: closedOf(kind, body),
  };
}

function partFrom(kind: PartKind, part: Body): CurrentPart {
  const { publicKeyPem, ...values } = valuesFrom(kind.fields, part);
  // Of a seal of our own the signing key says everything.
  const isOurs = typeof part["signingKey"] === "string";
  const id = kind.id === null ? null : part[kind.id];
  return {
    id: typeof id === "number" || typeof id === "string" ? id : null,
    values: isOurs ? values : { ...values, publicKeyPem },
    ...(kind.isForeign?.(part) === true ? { isForeign: true } : {}),
  };
}

function valuesFrom(fields: readonly Field[], body: Body): Values {
  const found = fields.flatMap(({ name, api = name, form }) => {
    const value = body[api];
    return value === undefined || (value === null && form.fromApi(null) === null) ? [] : [[name, form.fromApi(value)]];
  });
  return Object.fromEntries(found);
}

function closedOf({ section }: Kind, body: Body): string | null {
  if (section === "exports" && body["life"] === "ended") return "it has ended";
  if (section === "principals" && (body as unknown as PrincipalBody).revokedAt !== null) return "it was revoked";
  return null;
}
