// The table of phones of a demo, a line for each kind, and what has to be said of some of them.

import { styleText } from "node:util";
import { PHONE_KINDS } from "../../device/kinds.ts";
import type { PhoneKind } from "../../device/phone-kind.ts";
import type { DemoReport, KindRow } from "../../simulation/demo/demo-types.ts";
import type { OwnLoss } from "../../simulation/demo/judge-phone.ts";
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

export function renderPhones({ kinds, phones, cdn }: DemoReport): string {
  const known = kinds.flatMap((row) => {
    const kind = PHONE_KINDS.find(({ name }) => name === row.kind);
    return kind === undefined ? [] : [{ ...row, about: kind }];
  });
  const tables = PLATFORMS.flatMap(({ platform, title }) => {
    const rows = known.filter(({ about }) => about.platform === platform);
    const heading = styleText("bold", `\nThe phones with ${title}, by kind\n`);
    return rows.length === 0 ? [] : [heading, renderKinds(rows)];
  });
  return [
    ...tables,
    `\n  ${phones.length} phones of ${kinds.length} kinds; ${cdn.nodes} nodes of a CDN answered ${count(cdn.hits)}`,
    ` of their requests, the servers ${count(cdn.misses)}.\n`,
    ...lackingNotes(known),
    ...kindNotes(known),
    ...unrevisedNote(phones),
  ].join("");
}

interface KnownRow extends KindRow {
  readonly about: PhoneKind;
}

function renderKinds(rows: readonly KnownRow[]): string {
  return renderTable(
    [
      { title: "", value: nameOf },
      { title: "checks", value: ({ checks }) => checks },
      { title: "good", value: ({ checksOk }) => checksOk },
      { title: "expected", value: (row) => row.expected },
      { title: "held", value: (row) => row.held },
      { title: "padding", value: (row) => row.heldGenerated },
      { title: "lost", value: (row) => row.lost },
      { title: "altered", value: (row) => row.altered },
      { title: "twice", value: (row) => row.repeatedPrimaries },
      { title: "late", value: (row) => row.late },
      { title: "lacks", value: (row) => row.lacking },
    ],
    rows,
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
    "\n  What a phone lacks is missing by its own fault, whatever servers do; they have not lost it:\n",
    ...lacking.map(({ kind, lackingBecause, about }) => {
      const causes = lackingBecause.map((cause) => describeOwnLoss(cause, about));
      return `    ${kind} ${causes.join("; ")}\n`;
    }),
  ];
}

function kindNotes(rows: readonly KnownRow[]): string[] {
  const unreading = namesOf(rows.filter(({ about }) => !about.appliesRevisions));
  const repeating = namesOf(rows.filter(({ about }) => about.repeatsByDesign));
  const notes: string[] = [];
  if (unreading !== "") {
    notes.push(
      `\n  ${unreading}: such a system reads neither revisions nor report types. Any values that a\n` +
        "  key once had are right there, and keys that were revoked stay.\n",
    );
  }
  if (repeating !== "") {
    notes.push(`\n  ${repeating}: fetches the newest files again at every check, which does not count as twice.\n`);
  }
  return notes;
}

function unrevisedNote(phones: DemoReport["phones"]): string[] {
  const most = Math.max(...phones.map(({ unrevised }) => unrevised));
  if (most === 0) return [];
  return [
    `\n  At most ${most} revisions came to a phone in one call with their original; no phone applies those,\n` +
      "  and no server can help it (device behaviour 4.1). Those keys are not counted as altered.\n",
  ];
}

function namesOf(rows: readonly KnownRow[]): string {
  return rows.map(({ kind }) => kind).join(", ");
}

function count(value: number): string {
  return value.toLocaleString("en");
}
