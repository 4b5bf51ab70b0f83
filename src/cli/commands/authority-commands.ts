// `enks authority`: health authorities whose certificates are taken, and the keys under which they sign.

import type { Command } from "commander";
import type { AuthorityBody, AuthorityKeyBody } from "../../features/verification/admin-schemas.ts";
import { path } from "../client/admin-path.ts";
import { renderFields, renderSection } from "../output/render-fields.ts";
import { renderAge, renderInstant } from "../output/render-time.ts";
import { type InstantOrNever, instantOrNeverValue, instantValue } from "../parse/option-values.ts";
import { readText } from "../read-text.ts";
import type { Column } from "../render-table.ts";
import { type Call, listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

interface ChangeFlags {
  readonly issuer?: string;
  readonly audience?: string;
  readonly jwksUrl?: string;
  readonly privateAddresses?: boolean;
  readonly stats?: boolean;
}

interface KeyFlags {
  readonly kid: string;
  readonly publicKey: string;
  readonly from?: string;
  readonly until?: InstantOrNever;
}

const ISSUER = ["--issuer <iss>", "the claim iss of its certificates"] as const;
const AUDIENCE = ["--audience <aud>", "the claim aud of its certificates"] as const;

export function addAuthorityCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("authority").description("health authorities whose certificates are taken");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>");

  const create = named("create", "take the certificates of a health authority, once one of its keys is known");
  addChangeOptions(create.requiredOption(...ISSUER).requiredOption(...AUDIENCE));
  onServer(create, surroundings, async (call, name: string, flags: ChangeFlags) => {
    show(call, await call.client.post("/v1/authorities", { name, ...changeFrom(flags) }));
  });

  listOnServer(group.command("list").description("all health authorities"), surroundings, (call) =>
    call.showList<AuthorityBody>("/v1/authorities", [
      { title: "name", value: ({ name }) => name },
      { title: "issuer", value: ({ iss }) => iss, cut: true },
      { title: "keys", value: ({ keys }) => keys.filter((one) => isValid(one, call)).length },
      { title: "JWKS", value: ({ jwksUrl }) => jwksUrl ?? "-", cut: true },
      { title: "taken", value: ({ jwksSucceededAt }) => renderAge(jwksSucceededAt, call.now) },
      { title: "last failure", value: ({ jwksError }) => jwksError ?? "-" },
    ]),
  );

  onServer(named("show", "one health authority and its keys"), surroundings, async (call, name: string) => {
    show(call, await call.client.get(path`/v1/authorities/${name}`));
  });

  const change = named("change", "change a health authority, at once")
    .option(...ISSUER)
    .option(...AUDIENCE);
  addChangeOptions(change).option("--no-private-addresses", "whose JWKS comes from a public address over https");
  onServer(change, surroundings, async (call, name: string, flags: ChangeFlags) => {
    show(call, await call.client.patch(path`/v1/authorities/${name}`, changeFrom(flags)));
  });

  addKeyCommands(named, surroundings);
}

function addKeyCommands(named: (words: string, description: string) => Command, surroundings: Surroundings): void {
  const { clock } = surroundings;
  const add = named("add-key", "trust a key of a health authority; no JWKS will touch it")
    .requiredOption("--kid <kid>", "which its certificates name, such as v1")
    .requiredOption("--public-key <pem>", "file with the public key; - reads standard input")
    .option("--from <instant>", "since when it is trusted (now)", instantValue(clock))
    .option("--until <instant>", "until when, or never (never)", instantOrNeverValue(clock));
  onServer(add, surroundings, async (call, name: string, flags: KeyFlags) => {
    const { kid: version, publicKey, from, until } = flags;
    const body = { version, publicKeyPem: await readText(publicKey), from, until: until?.at };
    call.show(await call.client.post<AuthorityKeyBody>(path`/v1/authorities/${name}/keys`, body), renderKey);
  });

  const instant = instantOrNeverValue(clock);
  const end = named("end-key", "revoke a key of a health authority, or reinstate it, at once")
    .argument("<kid>", "as `show` lists it")
    .option("--until <instant>", "from when on it is not trusted, or never (now)", instant);
  onServer(end, surroundings, async (call, name: string, kid: string, flags: { until?: InstantOrNever }) => {
    const { at: until } = flags.until ?? instant("now");
    const ended = await call.client.patch<AuthorityKeyBody>(path`/v1/authorities/${name}/keys/${kid}`, { until });
    call.show(ended, renderKey);
  });
}

function addChangeOptions(command: Command): Command {
  return command
    .option("--jwks-url <url>", "where it publishes its keys, or none (none)")
    .option("--private-addresses", "whose JWKS may come from an address that is not public, and over http")
    .option("--stats", "which may ask for its statistics (so it is)")
    .option("--no-stats", "which may not ask for its statistics");
}

function changeFrom({ issuer, audience, jwksUrl, privateAddresses, stats }: ChangeFlags): object {
  return {
    iss: issuer,
    aud: audience,
    jwksUrl: jwksUrl === "none" ? null : jwksUrl,
    allowPrivateAddresses: privateAddresses,
    statsEnabled: stats,
  };
}

function isValid({ from, until }: AuthorityKeyBody, { now }: Call): boolean {
  const at = now * 1_000;
  return Date.parse(from) <= at && (until === null || at < Date.parse(until));
}

function show(call: Call, body: AuthorityBody): void {
  call.show(body, () => render(body, call));
}

function render(body: AuthorityBody, { now, width }: Call): string {
  const fields = renderFields([
    ["name", body.name],
    ["issuer", body.iss],
    ["audience", body.aud],
    ["JWKS", body.jwksUrl],
    ["private addresses", body.allowPrivateAddresses],
    ["may ask for statistics", body.statsEnabled],
    ["JWKS looked at", renderInstant(body.jwksCheckedAt, now)],
    ["JWKS taken", renderInstant(body.jwksSucceededAt, now)],
    ["failure of it", body.jwksError],
  ]);
  return fields + renderSection("Keys", KEY_COLUMNS, body.keys, width);
}

const KEY_COLUMNS: readonly Column<AuthorityKeyBody>[] = [
  { title: "kid", value: ({ version }) => version, cut: true },
  { title: "origin", value: ({ origin }) => (origin === "manual" ? "entered" : "JWKS") },
  { title: "from", value: ({ from }) => from },
  { title: "until", value: ({ until }) => until ?? "-" },
  { title: "ended by", value: ({ untilSetBy }) => untilSetBy ?? "-" },
];

function renderKey(body: AuthorityKeyBody): string {
  return renderFields([
    ["kid", body.version],
    ["from", body.from],
    ["until", body.until],
  ]);
}
