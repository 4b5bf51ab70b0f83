// `enks location`: published trees, their seals and their archives.

import type { Command } from "commander";
import type { AdoptionBody, LocationArchiveBody, LocationBody } from "../../features/locations/admin-schemas.ts";
import { path } from "../client/admin-path.ts";
import { renderFields, renderSection } from "../output/render-fields.ts";
import { renderAge, renderInstant } from "../output/render-time.ts";
import { durationValue, instantValue } from "../parse/option-values.ts";
import { writeDuration } from "../parse/parse-duration.ts";
import { type Call, listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { addSealOptions, type SealFlags, sealFrom } from "./seal-options.ts";
import { NO_NAME } from "./trusted-key-options.ts";

interface TimeFlags {
  readonly retention?: number;
  readonly grace?: number;
}

interface CreateFlags extends TimeFlags, SealFlags {
  readonly indexObject?: string;
  readonly basePrefix?: string;
  readonly linePrefix?: string;
}

/** Every listed archive is fetched and verified before the answer comes. */
const ADOPTION_MILLISECONDS = 10 * 60_000;

export function addLocationCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("location").description("published trees, their seals and their archives");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>");

  const create = addSealOptions(addTimeOptions(named("create", "make a location with its first seal")))
    .option("--from <instant>", "from when on the seal is valid (from the beginning)", instantValue(surroundings.clock))
    .option("--index-object <name>", "object name of the index (<name>/index.txt)")
    .option("--base-prefix <text>", "stands before each line to make an object name (<name>/)")
    .option("--line-prefix <text>", "stands before the file name in new lines (nothing)");
  onServer(create, surroundings, async (call, name: string, flags: CreateFlags) => {
    const { indexObject, basePrefix, linePrefix } = flags;
    const seal = await sealFrom(flags);
    const body = { name, ...timesFrom(flags), indexObject, basePrefix, linePrefix, seal };
    show(call, await call.client.post("/v1/locations", body));
  });

  listOnServer(group.command("list").description("all locations"), surroundings, ({ showList, now }) =>
    showList<LocationBody>("/v1/locations", [
      { title: "name", value: ({ name }) => name },
      { title: "fence", value: ({ fence }) => fence },
      { title: "listed", value: ({ listedArchives }) => listedArchives },
      { title: "last archive", value: ({ lastArchive }) => renderAge(lastArchive?.appendedAt ?? null, now) },
      { title: "index checked", value: ({ indexCheckedAt }) => renderAge(indexCheckedAt, now) },
      { title: "last failure", value: ({ lastFailure }) => lastFailure?.code ?? "-" },
    ]),
  );

  onServer(named("show", "one location"), surroundings, async (call, name: string) => {
    show(call, await call.client.get(path`/v1/locations/${name}`));
  });

  const change = addTimeOptions(named("change", "change how long archives are kept"));
  onServer(change, surroundings, async (call, name: string, flags: TimeFlags) => {
    show(call, await call.client.patch(path`/v1/locations/${name}`, timesFrom(flags)));
  });

  const adopt = named("adopt", "take over the tree that another server wrote: all listed archives, or none");
  onServer(adopt, surroundings, async (call, name: string) => {
    const more = { timeoutMilliseconds: ADOPTION_MILLISECONDS };
    call.show(
      await call.client.post<AdoptionBody>(path`/v1/locations/${name}/adoption`, {}, more),
      ({ archives }) => `adopted: ${archives} archives\n`,
    );
  });

  const rotate = addSealOptions(named("rotate", "append a seal; the one before ends where it begins")).option(
    "--from <instant>",
    "from when on archives carry it (now)",
    instantValue(surroundings.clock),
  );
  onServer(rotate, surroundings, async (call, name: string, flags: SealFlags) => {
    show(call, await call.client.post(path`/v1/locations/${name}/seals`, await sealFrom(flags)));
  });

  const archives = named("archives", "the archives of a location, the newest first");
  listOnServer(archives, surroundings, ({ showList, now }, name: string) =>
    showList<LocationArchiveBody>(path`/v1/locations/${name}/archives`, [
      { title: "line", value: ({ line }) => line, cut: true },
      { title: "from", value: ({ start }) => start },
      { title: "until", value: ({ end }) => end },
      { title: "keys", value: ({ primaries }) => primaries },
      { title: "revised", value: ({ revised }) => revised },
      { title: "bytes", value: ({ byteCount }) => byteCount },
      { title: "supplier", value: ({ supplier }) => supplier },
      { title: "appended", value: ({ appendedAt }) => renderAge(appendedAt, now) },
      { title: "state", value: (archive) => stateOf(archive, now) },
    ]),
  );
}

function addTimeOptions(command: Command): Command {
  return command
    .option("--retention <duration>", "how long a line stays in the index, such as 14d", durationValue)
    .option("--grace <duration>", "how long an archive outlives its line, such as 2d", durationValue);
}

function timesFrom({ retention, grace }: TimeFlags): object {
  return { retentionSeconds: retention, graceSeconds: grace };
}

function stateOf({ expiresAt, expiredAt, unlistedAt, deletedAt }: LocationArchiveBody, now: number): string {
  if (deletedAt !== null) return "deleted";
  if (unlistedAt !== null) return "unlisted";
  return expiredAt !== null ? "expired" : `expires ${renderAge(expiresAt, now)}`;
}

function show(call: Call, body: LocationBody): void {
  call.show(body, () => render(body, call));
}

function render(body: LocationBody, { now, width }: Call): string {
  const { lastArchive, lastFailure } = body;
  const fields = renderFields([
    ["name", body.name],
    ["index", body.indexObject],
    ["archives below", body.basePrefix + body.linePrefix],
    ["retention", `${writeDuration(body.retentionSeconds)}, then ${writeDuration(body.graceSeconds)} of grace`],
    ["ours", body.ours],
    ["fence", body.fence],
    ["listed archives", body.listedArchives],
    ["last archive", lastArchive && `${lastArchive.line}, ${renderAge(lastArchive.appendedAt, now)}`],
    ["published until", renderInstant(body.newestWindowEnd, now)],
    ["index checked", renderInstant(body.indexCheckedAt, now)],
    ["index due", renderInstant(body.nextIndexDueAt, now)],
    ["last failure", lastFailure && `${lastFailure.code}, ${renderAge(lastFailure.at, now)}: ${lastFailure.message}`],
  ]);
  const seals = renderSection(
    "Seals",
    [
      { title: "key id", value: ({ keyId }) => keyId || NO_NAME, cut: true },
      { title: "version", value: ({ keyVersion }) => keyVersion || NO_NAME, cut: true },
      { title: "signing key", value: ({ signingKey }) => signingKey ?? "(others sign)", cut: true },
      { title: "from", value: ({ from }) => from },
      { title: "until", value: ({ until }) => until ?? "-" },
    ],
    body.seals,
    width,
  );
  return fields + seals;
}
