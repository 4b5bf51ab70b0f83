// The routes of locations: making, watching, adopting and sealing them.

import type { Database } from "../../platform/database/database.ts";
import { type AdminRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import {
  cutPage,
  nameParams,
  nothing,
  PAGE_DEFAULT,
  pageQuery,
  parseInstant,
} from "../../platform/http/admin/admin-schemas.ts";
import { addSeal } from "./add-seal.ts";
import {
  adoptionSchema,
  type IndexDifferenceBody,
  indexDifferenceSchema,
  indexRestorationSchema,
  type LocationBody,
  locationArchivePageSchema,
  locationArchiveQuery,
  locationChangeSchema,
  locationPageSchema,
  locationSchema,
  newLocationSchema,
  newSealSchema,
  sealCancellationSchema,
} from "./admin-schemas.ts";
import { cancelSeal } from "./cancel-seal.ts";
import { changeLocation } from "./change-location.ts";
import { adoptLocation, createLocation } from "./create-location.ts";
import type { LocationDeps } from "./location-deps.ts";
import { readArchivePage, readOverview, readOverviews, recordPublished } from "./overview-queries.ts";
import { previewAdoption } from "./preview-adoption.ts";
import { previewChange } from "./preview-change.ts";
import { previewSeal } from "./preview-seal.ts";
import { readSeals } from "./queries.ts";
import { locationUnknown, requireLocation } from "./reconcile-index.ts";
import { type IndexDifference, readDifference, restoreIndex } from "./restore-index.ts";
import { toArchiveBody, toLocationBody } from "./show-location.ts";
import { toNewSeal } from "./take-seal.ts";

export function locationRoutes(deps: LocationDeps): AdminRoute[] {
  return [
    listLocations,
    showLocation,
    listArchives,
    createRoute(deps),
    changeRouteOf(deps),
    adoptRoute(deps),
    sealRoute(deps),
    cancelRoute,
    differenceRoute(deps),
    restoreRoute(deps),
  ];
}

const words = { tag: "locations" } as const;
const resourceOf = (name: string) => ({ kind: "location", name });
/** What a seal may be refused with. */
const SEAL_CODES = ["signing_key_missing", "signing_key_unusable", "signing_key_name_invalid", "public_key_invalid"];

const listLocations = readRoute({
  ...words,
  path: "/v1/locations",
  operationId: "listLocations",
  summary: "All locations, by name",
  role: "auditor",
  params: nothing,
  query: pageQuery,
  answer: locationPageSchema,
  codes: [],
  read: async (database, { query }) => {
    const { items, next } = cutPage(await readOverviews(database.db), query, ({ name }) => name);
    const bodies: LocationBody[] = [];
    for (const one of items) bodies.push(toLocationBody(one, await readSeals(database.db, one.id)));
    return { items: bodies, next };
  },
});

const showLocation = readRoute({
  ...words,
  path: "/v1/locations/{name}",
  operationId: "showLocation",
  summary: "One location: its settings, its seals, and how it stands",
  role: "auditor",
  params: nameParams,
  query: nothing,
  answer: locationSchema,
  codes: ["location_unknown"],
  resource: ({ params }) => resourceOf(params.name),
  read: (database, { params }) => show(database, params.name),
});

const listArchives = readRoute({
  ...words,
  path: "/v1/locations/{name}/archives",
  operationId: "listLocationArchives",
  summary: "The archives of a location, the newest first; deleted ones too, until they are forgotten",
  role: "auditor",
  params: nameParams,
  query: locationArchiveQuery,
  answer: locationArchivePageSchema,
  codes: ["location_unknown"],
  read: async (database, { params, query: { limit = PAGE_DEFAULT, after } }) => {
    const { id } = await requireLocation({ database }, params.name);
    const before = after === undefined ? null : Number(after);
    const found = await readArchivePage(database.db, id, before, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(toArchiveBody), next: found.length > limit && last ? String(last.seq) : null };
  },
});

function createRoute(deps: LocationDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/locations",
    operationId: "createLocation",
    summary: "Makes a location with its first seal",
    description:
      "The seal is valid from the beginning unless it says from when. To take over a tree that others wrote, give it " +
      "their public key, adopt it, and then append a seal with a signing key of this server.",
    role: "administrator",
    params: nothing,
    body: newLocationSchema,
    answer: locationSchema,
    status: 201,
    codes: [
      "location_exists",
      "location_settings_invalid",
      "location_seal_invalid",
      "location_seal_doubtful",
      ...SEAL_CODES,
    ],
    resource: ({ body }) => resourceOf(body.name),
    look: (database, { body }) => look(database, body.name),
    change: async (database, { body }) => {
      await createLocation({ ...deps, database }, { ...body, seal: toNewSeal(body.seal, 0) });
      return show(database, body.name);
    },
  });
}

function changeRouteOf(deps: LocationDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "PATCH",
    path: "/v1/locations/{name}",
    operationId: "changeLocation",
    summary: "Changes how long archives are kept, or, before the first archive, where the tree is",
    description: "Retention is for archives that are appended from now on; grace is for all.",
    role: "operator",
    params: nameParams,
    body: locationChangeSchema,
    answer: locationSchema,
    status: 200,
    codes: [
      "location_unknown",
      "location_settings_invalid",
      "location_exists",
      "location_contended",
      "blob_storage_failed",
    ],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params }) => look(database, params.name),
    change: async (database, { params, body }) => {
      await changeLocation({ ...deps, database }, params.name, body);
      return show(database, params.name);
    },
    preview: (database, { params, body, now }) => previewChange({ ...deps, database }, params.name, body, now),
  });
}

function adoptRoute(deps: LocationDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/locations/{name}/adoption",
    operationId: "adoptLocation",
    summary: "Takes over a tree that another program wrote: all listed archives, or none",
    description: "Every listed archive is read and has to verify under a seal of the location, whatever its time.",
    role: "operator",
    params: nameParams,
    body: nothing,
    answer: adoptionSchema,
    status: 200,
    codes: [
      "location_unknown",
      "location_adopted_already",
      "location_nothing_to_adopt",
      "location_adoption_failed",
      "location_contended",
      "blob_storage_failed",
    ],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params }) => look(database, params.name),
    change: async (database, { params, now }) => ({
      archives: await adoptLocation({ ...deps, database }, params.name, now),
    }),
    preview: (database, { params, now }) => previewAdoption({ ...deps, database }, params.name, now),
  });
}

function sealRoute(deps: LocationDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/locations/{name}/seals",
    operationId: "appendSeal",
    summary: "Adds a seal, valid from an instant on: the one before ends there",
    description:
      "Valid from now on unless it says from when. Where another begins later already, it is valid until then.",
    role: "administrator",
    params: nameParams,
    body: newSealSchema,
    answer: locationSchema,
    status: 201,
    codes: ["location_unknown", "location_seal_invalid", "location_seal_doubtful", ...SEAL_CODES],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params }) => look(database, params.name),
    change: async (database, { params, body, now }) => {
      await addSeal({ ...deps, database }, params.name, toNewSeal(body, now), now);
      return show(database, params.name);
    },
    preview: (database, { params, body, now }) =>
      previewSeal({ ...deps, database }, params.name, toNewSeal(body, now), now),
  });
}

const cancelRoute = changeRoute({
  ...words,
  method: "POST",
  path: "/v1/locations/{name}/seals/cancellation",
  operationId: "cancelSeal",
  summary: "Calls off a seal that is planned and has not begun: the one before it goes on",
  role: "administrator",
  params: nameParams,
  body: sealCancellationSchema,
  answer: locationSchema,
  status: 200,
  codes: ["location_unknown", "location_seal_invalid"],
  resource: ({ params }) => resourceOf(params.name),
  look: (database, { params }) => look(database, params.name),
  change: async (database, { params, body, now }) => {
    await cancelSeal({ database }, params.name, body.from === undefined ? null : parseInstant(body.from), now);
    return show(database, params.name);
  },
});

function differenceRoute(deps: LocationDeps): AdminRoute {
  return readRoute({
    ...words,
    path: "/v1/locations/{name}/index-difference",
    operationId: "showIndexDifference",
    summary: "How the published index differs from ours: another program may have written it",
    role: "auditor",
    params: nameParams,
    query: nothing,
    answer: indexDifferenceSchema,
    codes: ["location_unknown", "location_not_adopted", "blob_storage_failed"],
    read: async (database, { params }) => toDifferenceBody(await readDifference({ ...deps, database }, params.name)),
  });
}

function restoreRoute(deps: LocationDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/locations/{name}/index-restorations",
    operationId: "restoreIndex",
    summary: "Writes our index again in the place of one that another program wrote",
    description: "Phones that saw foreign lines forget them; what they have taken stays. Ends nothing by itself.",
    role: "operator",
    params: nameParams,
    body: indexRestorationSchema,
    answer: indexDifferenceSchema,
    status: 200,
    codes: [
      "location_unknown",
      "location_not_adopted",
      "location_index_changed",
      "location_archive_missing",
      "blob_storage_failed",
    ],
    resource: ({ params }) => resourceOf(params.name),
    look: async (database, { params, body: { reason } }) => {
      const { foreign, missing, sameOrder } = await readDifference({ ...deps, database }, params.name);
      return { foreign: foreign.slice(0, LINES_KEPT), missing: missing.slice(0, LINES_KEPT), sameOrder, reason };
    },
    change: async (database, { params, body, now }) => {
      const difference = await restoreIndex({ ...deps, database }, params.name, body.version);
      await recordPublished(database.db, params.name, now);
      return toDifferenceBody(difference);
    },
  });
}

/** Of each kind, in the audit log. */
const LINES_KEPT = 200;

function toDifferenceBody({ version, ours, foreign, missing, sameOrder }: IndexDifference): IndexDifferenceBody {
  return { version, ours: [...ours], foreign: [...foreign], missing: [...missing], sameOrder };
}

async function show(database: Database, name: string): Promise<LocationBody> {
  const found = await readOverview(database.db, name);
  if (found) return toLocationBody(found, await readSeals(database.db, found.id));
  throw locationUnknown(name);
}

async function look(database: Database, name: string): Promise<LocationBody | null> {
  const found = await readOverview(database.db, name);
  return found ? toLocationBody(found, await readSeals(database.db, found.id)) : null;
}
