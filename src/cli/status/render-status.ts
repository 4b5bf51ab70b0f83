// The status of a server for people: what is wrong, the picture of the flow, a line for each part.

import { styleText } from "node:util";
import type { FlowNode, StatusBody } from "../../app/status/status-schemas.ts";
import { describeServer } from "../client/choose-server.ts";
import { plainText } from "../output/plain-text.ts";
import { renderAge, renderDuration, renderSince } from "../output/render-time.ts";
import { wrapText } from "../output/wrap-text.ts";
import { type Column, renderTable } from "../render-table.ts";
import type { Style } from "./canvas.ts";
import { drawPicture } from "./draw-picture.ts";
import { renderAlarms, renderLook } from "./render-alarms.ts";
import { renderClock } from "./render-clock.ts";

type Freshness = StatusBody["freshness"];

interface Judged {
  readonly name: string;
  readonly freshness: Freshness;
  readonly reasons: readonly string[];
}

const STYLES: Readonly<Record<Freshness, Style>> = { healthy: "green", late: "yellow", broken: "red" };

/** `target`: the server that was asked. */
export function renderStatus(
  status: StatusBody,
  target: Parameters<typeof describeServer>[0],
  width = Number.POSITIVE_INFINITY,
): string {
  const now = Date.parse(status.at) / 1_000;
  const { server, locations, exports, sources, mirrors, jobs } = status;
  const picture = drawPicture(status.flow, styleByNode(status), width - 2, endedIn(status));
  const table = <Row extends Judged>(title: string, rows: readonly Row[], columns: readonly Column<Row>[]) =>
    rows.length === 0
      ? ""
      : `\n${styleText("bold", title)}\n${renderTable([...judged<Row>(), ...columns], rows, width)}`;
  return [
    `${describeServer(target)}\n`,
    wrapText(
      server.duties.join(", "),
      width,
      `enks ${plainText(server.version)}, up ${renderDuration(server.uptimeSeconds)}: `,
    ),
    ...(server.publicUrl === null ? [] : [`phones: ${plainText(server.publicUrl)}\n`]),
    wrapText(plainText(server.database.durability), width, `${server.database.kind} database: `),
    ...renderClock(status.clock).map((line) => wrapText(line, width, /^ */.exec(line)?.[0])),
    `${verdict(status)}\n`,
    renderAlarms(status.alarms, now, width),
    picture.length === 0 ? "" : `\n${styleText("bold", "Flow")}\n${picture.map((line) => `  ${line}\n`).join("")}`,
    table("Locations", locations, [
      { title: "archives", value: ({ listedArchives }) => listedArchives },
      { title: "newest window", value: ({ newestWindowEnd }) => renderSince(newestWindowEnd, now) },
      { title: "index checked", value: ({ indexCheckedAt }) => renderSince(indexCheckedAt, now) },
      { title: "at phones", value: ({ atPhones }) => renderLook(atPhones, now) },
      { title: "fence", value: ({ fence }) => fence },
      { title: "last failure", value: ({ lastFailure }) => failure(lastFailure), cut: true },
    ]),
    table("Exports", exports, [
      { title: "location", value: ({ location }) => location },
      { title: "lag", value: ({ lagSeconds }) => lag(lagSeconds) },
      { title: "exported until", value: ({ exportedUntil }) => exportedUntil ?? "-" },
      { title: "ends", value: ({ thru, endedAt }) => (endedAt === null ? renderAge(thru, now) : "ended") },
      { title: "last failure", value: ({ lastFailure }) => failure(lastFailure), cut: true },
    ]),
    table("Sources", sources, [
      { title: "region", value: ({ region }) => region },
      { title: "lag", value: ({ lagSeconds }) => lag(lagSeconds) },
      { title: "reached", value: ({ reachedAt }) => renderSince(reachedAt, now) },
      { title: "complete", value: ({ complete }) => complete },
      { title: "waiting", value: ({ waiting }) => waiting },
      { title: "quarantined", value: ({ quarantined }) => quarantined },
      { title: "keys", value: ({ savedCount }) => savedCount },
      { title: "last failure", value: ({ checkCode }) => checkCode ?? "-", cut: true },
    ]),
    table("Mirrors", mirrors, [
      { title: "location", value: ({ location }) => location },
      { title: "lag", value: ({ lagSeconds }) => lag(lagSeconds) },
      { title: "last good run", value: ({ lastOkAt }) => renderSince(lastOkAt, now) },
      { title: "taken", value: ({ takenLines }) => takenLines },
      { title: "waiting", value: ({ waitingLines }) => waitingLines ?? "-" },
      { title: "ends", value: ({ until }) => renderAge(until, now) },
      { title: "last failure", value: ({ lastError }) => lastError ?? "-", cut: true },
    ]),
    table(
      "Jobs that need a look",
      jobs.flatMap(partsOfJob).filter((part) => part.freshness !== "healthy"),
      [
        { title: "last success", value: ({ lastSucceededAt }) => renderSince(lastSucceededAt, now) },
        { title: "waits for", value: ({ waitsFor }) => waitsFor ?? "-" },
        { title: "dead letters", value: ({ deadLetters }) => deadLetters },
        { title: "last failure", value: ({ lastCode }) => lastCode ?? "-", cut: true },
      ],
    ),
  ].join("");
}

/** A job as a whole, or what it works on. */
function partsOfJob({ subjects, ...job }: StatusBody["jobs"][number]): JobPart[] {
  return subjects?.map(({ subject, ...runs }) => ({ ...runs, name: `${job.name} ${subject}` })) ?? [job];
}

type JobPart = Omit<StatusBody["jobs"][number], "subjects" | "duty" | "everySeconds">;

/** What all parts have in common. */
function judged<Row extends Judged>(): Column<Row>[] {
  return [
    { title: "name", value: ({ name }) => name, whole: true },
    { title: "state", value: ({ freshness }) => styleText(STYLES[freshness], freshness), styled: true },
    { title: "because", value: ({ reasons }) => reasons.join(", ") || "-", cut: true },
  ];
}

function verdict({ freshness, ...status }: StatusBody): string {
  const parts: readonly Judged[] = [
    { name: "clock", ...status.clock },
    status.exposures,
    ...status.locations,
    ...status.exports,
    ...status.sources,
    ...status.mirrors,
    ...status.jobs,
  ];
  const count = (state: Freshness) => parts.filter((part) => part.freshness === state).length;
  if (freshness === "healthy") return styleText("green", `all is well: ${parts.length} parts are healthy`);
  const words = [`${count("broken")} broken`, `${count("late")} late`, `${count("healthy")} healthy`];
  return styleText(STYLES[freshness], words.filter((word) => !word.startsWith("0 ")).join(", "));
}

function styleByNode(status: StatusBody): (node: FlowNode) => Style | null {
  const lists = {
    origin: [],
    exposures: [status.exposures],
    source: status.sources,
    export: status.exports,
    location: status.locations,
    mirror: status.mirrors,
  } satisfies Record<FlowNode["kind"], readonly Judged[]>;
  const isEnded = endedIn(status);
  return ({ kind, name }) => {
    const judgedParts: readonly Judged[] = lists[kind];
    const part = judgedParts.find((one) => one.name === name);
    if (part === undefined) return null;
    return part.freshness === "healthy" && isEnded({ kind, name }) ? "dim" : STYLES[part.freshness];
  };
}

/** Exports, sources and mirrors through which nothing flows any more. */
function endedIn({ exports, sources, mirrors }: StatusBody): (node: FlowNode) => boolean {
  const ended = { export: exports, source: sources, mirror: mirrors };
  return ({ kind, name }) =>
    (kind === "export" || kind === "source" || kind === "mirror") &&
    ended[kind].some((one) => one.name === name && one.life === "ended");
}

function lag(seconds: number | null): string {
  return seconds === null || seconds === 0 ? "-" : renderDuration(seconds);
}

function failure(last: { readonly code: string; readonly message: string } | null): string {
  return last === null ? "-" : `${last.code}: ${last.message}`;
}
