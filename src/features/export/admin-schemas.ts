// What the admin API takes and answers about exports.

import { type Static, Type } from "typebox";
import { MAX_ARCHIVE_KEYS } from "../../archive/archive-types.ts";
import { DAY } from "../../core/clock.ts";
import { LIVES } from "../../core/life.ts";
import { CLOSED, instant, instantOrNull, instantWith, pageOf } from "../../platform/http/admin/admin-schemas.ts";

const REGION = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,29}$";
const region = Type.String({ pattern: REGION });
const regions = (description: string) => Type.Array(region, { maxItems: 100, description });
const count = (minimum: number, description: string) =>
  Type.Integer({ minimum, maximum: MAX_ARCHIVE_KEYS, description });

const includeRegions = regions("Keys of these; none means the export's own region.");
const excludeRegions = regions("No keys of these, whatever else they are.");
const travelers = Type.Enum(["region", "also", "never"], {
  description: "region: by region alone; also: travelers of any region too; never: no travelers.",
});
const periodSeconds = Type.Integer({ minimum: 1, maximum: DAY, description: "Divides a day." });
const maxRecords = count(1, "Most keys in one archive.");
const minRecords = count(0, "An archive with fewer keys is padded.");
const paddingRange = count(0, "A random part of this is added to minRecords.");

export const newExportSchema = Type.Object(
  {
    name: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }),
    location: Type.String({ minLength: 1, maxLength: 63, description: "That publishes it." }),
    region: Type.String({ pattern: REGION, description: "Written into the archives." }),
    includeRegions: Type.Optional(includeRegions),
    excludeRegions: Type.Optional(excludeRegions),
    travelers: Type.Optional(travelers),
    periodSeconds: Type.Optional(periodSeconds),
    from: Type.Optional(instant),
    thru: Type.Optional(instantOrNull),
    backfillSeconds: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 16 * DAY, description: "How much from before goes into the first window." }),
    ),
    maxRecords: Type.Optional(maxRecords),
    minRecords: Type.Optional(minRecords),
    paddingRange: Type.Optional(paddingRange),
  },
  { ...CLOSED, title: "NewExport" },
);
export type NewExportBody = Static<typeof newExportSchema>;

export const exportChangeSchema = Type.Object(
  {
    includeRegions: Type.Optional(includeRegions),
    excludeRegions: Type.Optional(excludeRegions),
    travelers: Type.Optional(travelers),
    periodSeconds: Type.Optional(periodSeconds),
    thru: Type.Optional(Type.Union([instant, Type.Null()], { description: "Its end; null: none." })),
    maxRecords: Type.Optional(maxRecords),
    minRecords: Type.Optional(minRecords),
    paddingRange: Type.Optional(paddingRange),
  },
  { ...CLOSED, title: "ExportChange" },
);
export type ExportChangeBody = Static<typeof exportChangeSchema>;

export const newBackfillSchema = Type.Object(
  {
    from: instant,
    thru: Type.Optional(instantWith({ description: "By default where the export has come to." })),
  },
  { ...CLOSED, title: "NewBackfill" },
);

export const exportEndSchema = Type.Object(
  { thru: Type.Optional(instantWith({ description: "By default now, or as soon after that as it can end." })) },
  { ...CLOSED, title: "ExportEnd" },
);

export const exportGiveUpSchema = Type.Object(
  {
    reason: Type.String({ minLength: 1, maxLength: 400, pattern: "\\S", description: "Why what is left is given up." }),
  },
  { ...CLOSED, title: "ExportGiveUp" },
);

const partCounts = {
  archives: Type.Integer(),
  primaries: Type.Integer(),
  revised: Type.Integer(),
  leftOut: Type.Integer({ description: "Keys that stood at the location already." }),
  generated: Type.Integer({ description: "Padding." }),
};

export const backfillSchema = Type.Object(
  {
    id: Type.Integer(),
    from: instant,
    thru: instant,
    requestedAt: instant,
    cursor: Type.Union([instant, Type.Null()], {
      description: "What was released before it is done; null: not begun.",
    }),
    completedAt: instantOrNull,
    ...partCounts,
  },
  { ...CLOSED, title: "Backfill" },
);
export type BackfillBody = Static<typeof backfillSchema>;

export const exportSchema = Type.Object(
  {
    name: Type.String(),
    location: Type.String(),
    region: Type.String(),
    includeRegions: Type.Array(Type.String()),
    excludeRegions: Type.Array(Type.String()),
    travelers,
    periodSeconds: Type.Integer(),
    from: instant,
    thru: instantOrNull,
    backfillSeconds: Type.Integer(),
    maxRecords: Type.Integer(),
    minRecords: Type.Integer(),
    paddingRange: Type.Integer(),
    exportedUntil: Type.Union([instant, Type.Null()], { description: "Every key released before it was exported." }),
    openWindow: Type.Union([Type.Object({ start: instant, end: instant }, CLOSED), Type.Null()], {
      description: "Exported in part.",
    }),
    life: Type.Enum([...LIVES], {
      description:
        "`planned` before its beginning; `following`; `ending` from its end on, until the keys are exported that ran then; " +
        "`ended`.",
    }),
    endingUntil: Type.Union([instant, Type.Null()], {
      description: "By then they are all released; null: its end has not come, or its last window waits.",
    }),
    endedAt: instantOrNull,
    givenUp: Type.Union([Type.String(), Type.Null()], {
      description: "Why an operator ended it with something left; null: nothing was left, or it has not ended.",
    }),
    lagSeconds: Type.Integer({ description: "For how long the oldest window that is due has been so." }),
    totals: Type.Object(partCounts, { ...CLOSED, title: "ExportTotals" }),
    lastFailure: Type.Union([
      Type.Object({ at: instant, code: Type.String(), message: Type.String() }, CLOSED),
      Type.Null(),
    ]),
    backfills: Type.Array(backfillSchema, { description: "The newest first, at most twenty." }),
  },
  { ...CLOSED, title: "Export" },
);
export type ExportBody = Static<typeof exportSchema>;

export const exportPageSchema = pageOf(exportSchema);
export type ExportPage = Static<typeof exportPageSchema>;
