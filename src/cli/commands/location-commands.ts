// `enks location`: published trees, their seals and their archives.

import type { Command } from "commander";
import { shellWord } from "../../core/shell-word.ts";
import type {
  AdoptionBody,
  IndexDifferenceBody,
  LocationArchiveBody,
  LocationBody,
} from "../../features/locations/admin-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { readForeignTree } from "../location/foreign-tree.ts";
import { type Places, proposePlaces } from "../location/propose-places.ts";
import { addLookAheadOptions, changeLookingAhead, type LookAheadFlags, notMade } from "../look-ahead.ts";
import { BodyArgument, fills, forChange } from "../options/body-option.ts";
import { plainText } from "../output/plain-text.ts";
import { renderFields, renderSection } from "../output/render-fields.ts";
import { renderAge, renderInstant, renderSince } from "../output/render-time.ts";
import { durationValue, instantValue } from "../parse/option-values.ts";
import { writeDuration } from "../parse/parse-duration.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { addSealOptions } from "./seal-options.ts";
import { NO_NAME } from "./trusted-key-options.ts";

/** Every listed archive is fetched and verified before the answer comes. */
const ADOPTION_MILLISECONDS = 10 * 60_000;
const NAME = "the location";

export function addLocationCommands(program: Command, surroundings: Surroundings): void {
  const group = program
    .command("location")
    .description("locations: trees of archives that phones follow, each under one seal");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>", NAME);
  const instant = instantValue(surroundings.clock);

  const create = group
    .command("create")
    .description("make a location with its first seal; exports and mirrors then publish into it")
    .addArgument(new BodyArgument("name", "<name>", NAME));
  addPlaceOptions(
    addSealOptions(addTimeOptions(create), "seal/").addOption(
      fills("seal/from", "--from <instant>", "from when on the seal is valid (from the beginning)", instant),
    ),
  );
  onServer(create, surroundings, async (call, _name: string, flags: PlaceFlags) => {
    show(call, await call.client.post("/v1/locations", { ...(await placesFrom(call, flags)), ...(await call.body()) }));
  });

  listOnServer(group.command("list").description("list all locations"), surroundings, ({ showList, now }) =>
    showList<LocationBody>("/v1/locations", [
      { title: "name", value: ({ name }) => name, whole: true },
      { title: "fence", value: ({ fence }) => fence },
      { title: "listed", value: ({ listedArchives }) => listedArchives },
      { title: "last archive", value: ({ lastArchive }) => renderSince(lastArchive?.appendedAt ?? null, now()) },
      { title: "index checked", value: ({ indexCheckedAt }) => renderSince(indexCheckedAt, now()) },
      { title: "last failure", value: ({ lastFailure }) => lastFailure?.code ?? "-" },
    ]),
  );

  onServer(named("show", "show one location and its seals"), surroundings, async (call, name: string) => {
    show(call, await call.client.get(path`/v1/locations/${name}`));
  });

  const change = forChange(
    addPlaceOptions(
      addTimeOptions(named("change", "change how long archives are kept, or, before the first one, where the tree is")),
    ),
  );
  onServer(
    addLookAheadOptions(change),
    surroundings,
    async (call, name: string, flags: LookAheadFlags & PlaceFlags) => {
      const places = await placesFrom(call, flags);
      const body = Object.keys(places).length > 0 ? { ...places, ...(await call.body()) } : await call.changes();
      const wanted = { method: "PATCH", path: path`/v1/locations/${name}`, body } as const;
      return showChanged(call, await changeLookingAhead(call, flags, wanted), flags);
    },
  );

  const adopt = named(
    "adopt",
    "take over a tree that another server wrote: verify every listed archive, then go on behind it; all or nothing",
  );
  onServer(addLookAheadOptions(adopt), surroundings, async (call, name: string, flags: LookAheadFlags) => {
    const more = { timeoutMilliseconds: ADOPTION_MILLISECONDS };
    const wanted = { method: "POST", path: path`/v1/locations/${name}/adoption`, body: {}, ...more } as const;
    const adopted = await changeLookingAhead<AdoptionBody>(call, flags, wanted);
    if (adopted === null) return notMade(flags);
    call.show(adopted, ({ archives }) => `adopted: ${archives} archives\n`);
    return 0;
  });

  const restore = named(
    "restore",
    "show how the published index differs from ours, and with --reason write ours again in its place",
  ).option("--reason <text>", "why another program's index is replaced; kept in the audit log");
  onServer(restore, surroundings, async (call, name: string, { reason }: { readonly reason?: string }) => {
    const difference = await call.client.get<IndexDifferenceBody>(path`/v1/locations/${name}/index-difference`);
    if (reason === undefined) return call.show(difference, () => renderDifference(name, difference));
    const { version } = difference;
    const restored = await call.client.post<IndexDifferenceBody>(path`/v1/locations/${name}/index-restorations`, {
      version,
      reason,
    });
    call.show(restored, () => `${renderLines(restored)}restored: ${restored.ours.length} lines\n`);
  });

  const rotate = addSealOptions(
    named("rotate", "sign with another key from an instant on; archives that are published keep their seal"),
  ).addOption(fills("from", "--from <instant>", "from when on archives carry the new seal (now)", instant));
  onServer(addLookAheadOptions(rotate), surroundings, async (call, name: string, flags: LookAheadFlags) => {
    const wanted = { method: "POST", path: path`/v1/locations/${name}/seals`, body: await call.body() } as const;
    return showChanged(call, await changeLookingAhead(call, flags, wanted), flags);
  });

  const cancel = named("cancel-rotation", "call off a rotation that is planned and has not begun").addOption(
    fills("from", "--from <instant>", "which one, where several are planned (the one)", instant),
  );
  onServer(cancel, surroundings, async (call, name: string) => {
    show(call, await call.client.post(path`/v1/locations/${name}/seals/cancellation`, await call.body()));
  });

  const archives = named("archives", "list the archives of a location, the newest first");
  listOnServer(archives, surroundings, ({ showList, now }, name: string) =>
    showList<LocationArchiveBody>(path`/v1/locations/${name}/archives`, [
      { title: "line", value: ({ line }) => line, whole: true },
      { title: "from", value: ({ start }) => start },
      { title: "until", value: ({ end }) => end },
      { title: "keys", value: ({ primaries }) => primaries },
      { title: "revised", value: ({ revised }) => revised },
      { title: "bytes", value: ({ byteCount }) => byteCount },
      { title: "supplier", value: ({ supplier }) => supplier },
      { title: "appended", value: ({ appendedAt }) => renderSince(appendedAt, now()) },
      { title: "state", value: (archive) => stateOf(archive, now()) },
    ]),
  );
}

interface PlaceFlags {
  readonly adoptFrom?: string;
}

function addPlaceOptions(command: Command): Command {
  return command
    .option(
      "--adopt-from <where>",
      "take the three places below from a tree that another program wrote: its root folder, or the URL of its index",
    )
    .addOption(
      fills("indexObject", "--index-object <path>", "path of the index below the public URL (<name>/index.txt)"),
    )
    .addOption(
      fills("basePrefix", "--base-prefix <text>", "put in front of each line of the index to make a path (<name>/)"),
    )
    .addOption(fills("linePrefix", "--line-prefix <text>", "put in front of file names in new lines (nothing)"));
}

/** What `--adopt-from` finds; nothing without it. */
async function placesFrom({ surroundings }: Call, { adoptFrom }: PlaceFlags): Promise<Partial<Places>> {
  return adoptFrom === undefined ? {} : proposePlaces(await readForeignTree(adoptFrom, surroundings.fetch));
}

function renderDifference(name: string, difference: IndexDifferenceBody): string {
  const { foreign, missing, sameOrder, version } = difference;
  if (version === null)
    return `no index is published; enks location restore ${shellWord(name)} --reason TEXT writes ours\n`;
  if (foreign.length + missing.length === 0 && sameOrder) return "no difference: the published index is ours\n";
  const order = sameOrder ? "" : "the lines that both have stand in another order\n";
  return `${renderLines(difference)}${order}enks location restore ${shellWord(name)} --reason TEXT writes ours again\n`;
}

/** `+`: published, and none of ours. `-`: ours, and not published. */
function renderLines({ foreign, missing }: IndexDifferenceBody): string {
  const lines = [...foreign.map((line) => `+ ${line}`), ...missing.map((line) => `- ${line}`)];
  return lines.map((line) => `${plainText(line)}\n`).join("");
}

function addTimeOptions(command: Command): Command {
  return command
    .addOption(
      fills("retentionSeconds", "--retention <duration>", "how long the index lists an archive (14d)", durationValue),
    )
    .addOption(
      fills(
        "graceSeconds",
        "--grace <duration>",
        "how long an archive stays when its line is gone (2d)",
        durationValue,
      ),
    );
}

function stateOf({ expiresAt, expiredAt, unlistedAt, deletedAt }: LocationArchiveBody, now: number): string {
  if (deletedAt !== null) return "deleted";
  if (unlistedAt !== null) return "unlisted";
  return expiredAt !== null ? "expired" : `expires ${renderAge(expiresAt, now)}`;
}

/** Answers the exit code. */
function showChanged(call: Call, body: LocationBody | null, flags: LookAheadFlags): number {
  if (body === null) return notMade(flags);
  show(call, body);
  return 0;
}

function show(call: Call, body: LocationBody): void {
  call.show(body, () => render(body, call));
}

function render(body: LocationBody, { now, width }: Call): string {
  const { lastArchive, lastFailure } = body;
  const fields = renderFields(
    [
      ["name", body.name],
      ["index", body.indexObject],
      ["archives below", body.basePrefix + body.linePrefix],
      ["retention", `${writeDuration(body.retentionSeconds)}, then ${writeDuration(body.graceSeconds)} of grace`],
      ["index written here", body.ours],
      ["fence", body.fence],
      ["listed archives", body.listedArchives],
      ["last archive", lastArchive && `${lastArchive.line}, ${renderSince(lastArchive.appendedAt, now())}`],
      ["published until", renderInstant(body.newestWindowEnd, now())],
      ["index checked", renderInstant(body.indexCheckedAt, now())],
      ["index due", renderInstant(body.nextIndexDueAt, now())],
      [
        "last failure",
        lastFailure && `${lastFailure.code}, ${renderSince(lastFailure.at, now())}: ${lastFailure.message}`,
      ],
    ],
    width,
  );
  const seals = renderSection(
    "Seals",
    [
      { title: "key id", value: ({ keyId }) => keyId || NO_NAME, whole: true },
      { title: "version", value: ({ keyVersion }) => keyVersion || NO_NAME, whole: true },
      { title: "signing key", value: ({ signingKey }) => signingKey ?? "(others sign)", whole: true },
      { title: "from", value: ({ from }) => from },
      { title: "until", value: ({ until }) => until ?? "-" },
    ],
    body.seals,
    width,
  );
  return fields + seals;
}
