// What a demo shows with --details: the keys at every station, a line for each kind of phone, and what has to be said of some.

import { styleText } from "node:util";
import { PHONE_KINDS } from "../../device/kinds.ts";
import type { PhoneKind } from "../../device/phone-kind.ts";
import type { DemoReport, KindRow } from "../../simulation/demo/demo-types.ts";
import type { OwnLoss } from "../../simulation/demo/judge-phone.ts";
import { wrapText } from "../output/wrap-text.ts";
import { renderTable } from "../render-table.ts";

const PLATFORMS = [
  { platform: "android", title: "Android" },
  { platform: "ios", title: "iOS" },
] as const;

/** What phones of the kind do that costs them keys, whatever servers do. */
function describeOwnLoss(cause: OwnLoss, { startsWithLast }: PhoneKind): string {
  if (cause === "failed_download") return "does not ask again for a file that has not come";
  if (cause === "refused_file") return "does not try again what was refused";
  if (cause === "quota_exhausted") return "does not offer again what its system turned away for the day";
  if (cause === "long_backlog") return "takes only the newest files where many wait";
  if (startsWithLast === 0) return "takes nothing of what was listed before it was installed";
  return `takes only the newest ${startsWithLast} files of those that were listed before it was installed`;
}

export function renderDetails(report: DemoReport, width: number): string {
  const { startsAt, endsAt, seed } = report;
  return [
    heading("The keys", width),
    wrapText(`${startsAt} to ${endsAt}, seed ${seed}`, width),
    "\n",
    renderTable(
      [
        { title: "", value: ({ what }) => what },
        { title: "keys", value: ({ keys }) => keys },
        {
          title: "revised",
          value: ({ revised }) => (revised === null ? "" : count(revised).padStart("revised".length)),
        },
        { title: "", value: ({ note }) => note },
      ],
      report.keys,
      width,
    ),
    renderPhones(report, width),
  ].join("");
}

function heading(text: string, width: number): string {
  return `\n${wrapText(text, width, "").replace(/.+/g, (line) => styleText("bold", line))}\n`;
}

function renderPhones({ kinds, phones, cdn }: DemoReport, width: number): string {
  const known = kinds.flatMap((row) => {
    const kind = PHONE_KINDS.find(({ name }) => name === row.kind);
    return kind === undefined ? [] : [{ ...row, about: kind }];
  });
  const tables = PLATFORMS.flatMap(({ platform, title }) => {
    const rows = known.filter(({ about }) => about.platform === platform);
    return rows.length === 0 ? [] : [heading(`The phones with ${title}, by kind`, width), renderKinds(rows, width)];
  });
  return [
    ...tables,
    ...[
      `${phones.length} phones of ${kinds.length} kinds; ${cdn.nodes} nodes of a CDN answered ${count(cdn.hits)} of ` +
        `their requests, the servers ${count(cdn.misses)}.`,
      ...lackingNotes(known),
      ...kindNotes(known),
      ...unrevisedNote(phones),
    ].map((note) => `\n${wrapText(note, width)}`),
  ].join("");
}

interface KnownRow extends KindRow {
  readonly about: PhoneKind;
}

function renderKinds(rows: readonly KnownRow[], width: number): string {
  return renderTable(
    [
      { title: "", value: nameOf },
      {
        title: "checks",
        value: ({ checks, checksOk }) =>
          (checks === checksOk ? String(checks) : `${checksOk}/${checks}`).padStart("checks".length),
      },
      { title: "due", value: (row) => row.expected },
      { title: "held", value: (row) => row.held - row.heldGenerated },
      { title: "lost", value: (row) => row.lost },
      { title: "altered", value: (row) => row.altered },
      { title: "twice", value: (row) => row.repeatedPrimaries },
      { title: "late", value: (row) => row.late },
      { title: "lacks", value: (row) => row.lacking },
    ],
    rows,
    width,
  );
}

/** The heading says the platform. */
function nameOf({ kind, phones }: KnownRow): string {
  const name = kind.replace(/^(android|ios)-/, "");
  return phones === 1 ? name : `${name} ×${phones}`;
}

function lackingNotes(rows: readonly KnownRow[]): string[] {
  const lacking = rows.filter((row) => row.lacking > 0);
  if (lacking.length === 0) return [];
  return [
    "What a phone lacks is missing by its own fault, whatever servers do; they have not lost it:",
    ...lacking.map(({ kind, lackingBecause, about }) => {
      const causes = lackingBecause.map((cause) => describeOwnLoss(cause, about));
      return `${kind} ${causes.join("; ")}`;
    }),
  ];
}

function kindNotes(rows: readonly KnownRow[]): string[] {
  const unreading = namesOf(rows.filter(({ about }) => !about.appliesRevisions));
  const repeating = namesOf(rows.filter(({ about }) => about.repeatsByDesign));
  const notes: string[] = [];
  if (unreading !== "") {
    notes.push(
      `${unreading}: such a system reads neither revisions nor report types. Any values that a key once had are ` +
        "right there, and keys that were revoked stay.",
    );
  }
  if (repeating !== "") {
    notes.push(`${repeating}: fetches the newest files again at every check, which does not count as twice.`);
  }
  return notes;
}

function unrevisedNote(phones: DemoReport["phones"]): string[] {
  const most = Math.max(0, ...phones.map(({ unrevised }) => unrevised));
  if (most === 0) return [];
  return [
    `At most ${most} revisions came to a phone in one call with their original; no phone applies those, and no server ` +
      "can help it (device behaviour 4.1). Those keys are not counted as altered.",
  ];
}

function namesOf(rows: readonly KnownRow[]): string {
  return rows.map(({ kind }) => kind).join(", ");
}

function count(value: number): string {
  return value.toLocaleString("en");
}
