// `enks authority`: health authorities whose certificates are accepted, and the keys under which they sign.

import type { Command } from "commander";
import type { AuthorityBody, AuthorityKeyBody } from "../../features/verification/admin-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { BodyArgument, BodyOption, fills, fillsFromFile, forChange } from "../options/body-option.ts";
import { renderFields, renderSection } from "../output/render-fields.ts";
import { renderInstant, renderSince } from "../output/render-time.ts";
import { type InstantOrNever, instantOrNeverValue, instantValue } from "../parse/option-values.ts";
import type { Column } from "../render-table.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

const NAME = "the health authority";

export function addAuthorityCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("authority").description("health authorities whose certificates are accepted");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>", NAME);

  const create = group
    .command("create")
    .description("accept certificates of a health authority, as soon as one of its keys is known")
    .addArgument(new BodyArgument("name", "<name>", NAME))
    .addOption(issuer().makeOptionMandatory())
    .addOption(audience().makeOptionMandatory());
  onServer(addChangeOptions(create), surroundings, async (call) => {
    show(call, await call.client.post("/v1/authorities", await call.body()));
  });

  listOnServer(group.command("list").description("list all health authorities"), surroundings, (call) =>
    call.showList<AuthorityBody>("/v1/authorities", [
      { title: "name", value: ({ name }) => name, whole: true },
      { title: "issuer", value: ({ iss }) => iss, whole: true },
      { title: "valid keys", value: ({ keys }) => keys.filter((one) => isValid(one, call)).length },
      { title: "JWKS", value: ({ jwksUrl }) => jwksUrl ?? "-", whole: true },
      { title: "read", value: ({ jwksSucceededAt }) => renderSince(jwksSucceededAt, call.now()) },
      { title: "last failure", value: ({ jwksError }) => jwksError ?? "-" },
    ]),
  );

  onServer(named("show", "show one health authority and its keys"), surroundings, async (call, name: string) => {
    show(call, await call.client.get(path`/v1/authorities/${name}`));
  });

  const change = named("change", "change a health authority, at once").addOption(issuer()).addOption(audience());
  addChangeOptions(change).addOption(
    fills("allowPrivateAddresses", "--no-private-addresses", "fetch its JWKS from public addresses over https only"),
  );
  onServer(forChange(change), surroundings, async (call, name: string) => {
    show(call, await call.client.patch(path`/v1/authorities/${name}`, await call.changes()));
  });

  addKeyCommands(named, surroundings);
}

function addKeyCommands(named: (words: string, description: string) => Command, surroundings: Surroundings): void {
  const { clock } = surroundings;
  const add = named("add-key", "trust a key of a health authority; its JWKS does not change this key")
    .addOption(fills("version", "--kid <kid>", "the key's name in certificates, such as v1").makeOptionMandatory())
    .addOption(
      fillsFromFile(
        "publicKeyPem",
        "--public-key <file>",
        "PEM file with the public key; - reads standard input",
      ).makeOptionMandatory(),
    )
    .addOption(fills("from", "--from <instant>", "since when it is trusted (now)", instantValue(clock)))
    .addOption(
      fills("until", "--until <instant>", "until when it is trusted, or never (never)", instantOrNeverValue(clock)),
    );
  onServer(add, surroundings, async (call, name: string) => {
    showKey(call, await call.client.post(path`/v1/authorities/${name}/keys`, await call.body()));
  });

  const instant = instantOrNeverValue(clock);
  const end = named("end-key", "stop trusting a key of a health authority, or with `--until never` trust it again")
    .argument("<kid>", "the key, as `enks authority show` lists it")
    .addOption(fills("until", "--until <instant>", "from when on it is not trusted, or never (now)", instant));
  onServer(end, surroundings, async (call, name: string, kid: string, flags: { until?: InstantOrNever }) => {
    const { at: until } = flags.until ?? instant("now");
    showKey(call, await call.client.patch(path`/v1/authorities/${name}/keys/${kid}`, { until }));
  });
}

function issuer(): BodyOption {
  return fills("iss", "--issuer <iss>", "the value of iss in its certificates");
}

function audience(): BodyOption {
  return fills("aud", "--audience <aud>", "the value of aud in its certificates");
}

function addChangeOptions(command: Command): Command {
  return command
    .addOption(
      new BodyOption("jwksUrl", "--jwks-url <url>", "where it publishes its keys as a JWKS, or none (none)", orNull),
    )
    .addOption(
      fills(
        "allowPrivateAddresses",
        "--private-addresses",
        "allow its JWKS at addresses that are not public, and over plain http",
      ),
    )
    .addOption(fills("statsEnabled", "--stats", "let it ask for its statistics (the default)"))
    .addOption(fills("statsEnabled", "--no-stats", "refuse its requests for statistics"));
}

function orNull(value: unknown): unknown {
  return value === "none" ? null : value;
}

function isValid({ from, until }: AuthorityKeyBody, call: Call): boolean {
  const at = call.now() * 1_000;
  return Date.parse(from) <= at && (until === null || at < Date.parse(until));
}

function show(call: Call, body: AuthorityBody): void {
  call.show(body, () => render(body, call));
}

function render(body: AuthorityBody, { now, width }: Call): string {
  const fields = renderFields(
    [
      ["name", body.name],
      ["issuer", body.iss],
      ["audience", body.aud],
      ["JWKS", body.jwksUrl],
      ["private addresses", body.allowPrivateAddresses],
      ["may ask for statistics", body.statsEnabled],
      ["JWKS checked", renderInstant(body.jwksCheckedAt, now())],
      ["JWKS read", renderInstant(body.jwksSucceededAt, now())],
      ["JWKS failure", body.jwksError],
    ],
    width,
  );
  return fields + renderSection("Keys", KEY_COLUMNS, body.keys, width);
}

const KEY_COLUMNS: readonly Column<AuthorityKeyBody>[] = [
  { title: "kid", value: ({ version }) => version, whole: true },
  { title: "origin", value: ({ origin }) => (origin === "manual" ? "entered" : "JWKS") },
  { title: "from", value: ({ from }) => from },
  { title: "until", value: ({ until }) => until ?? "-" },
  { title: "ended by", value: ({ untilSetBy }) => untilSetBy ?? "-" },
];

function showKey(call: Call, body: AuthorityKeyBody): void {
  call.show(body, () =>
    renderFields([
      ["kid", body.version],
      ["from", body.from],
      ["until", body.until],
    ]),
  );
}
