// Trusting a public key of another server, and no longer doing so; sources and mirrors do it alike.

import type { Command } from "commander";
import type { TrustedKeyBody } from "../../features/upstreams/trusted-key-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { fills, fillsFromFile } from "../options/body-option.ts";
import { renderFields } from "../output/render-fields.ts";
import { countValue, type InstantOrNever, instantOrNeverValue, instantValue } from "../parse/option-values.ts";
import type { Column } from "../render-table.ts";
import { onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

/** `place`: where the trusted key is in the request's body, "" or "trustedKeys/0/". */
export function addTrustOptions(command: Command, { clock }: Surroundings, place = ""): Command {
  return command
    .addOption(
      fillsFromFile(
        `${place}publicKeyPem`,
        "--public-key <file>",
        "PEM file with the public key of the other server; - reads standard input",
      ).makeOptionMandatory(),
    )
    .addOption(
      fills(
        `${place}keyId`,
        "--key-id <id>",
        'key id that its archives carry, such as 310; "" where they carry none',
      ).makeOptionMandatory(),
    )
    .addOption(
      fills(
        `${place}keyVersion`,
        "--key-version <version>",
        'key version that they carry, such as v1; "" where they carry none',
      ).makeOptionMandatory(),
    )
    .addOption(
      fills(`${place}from`, "--trust-from <instant>", "since when it is trusted (the beginning)", instantValue(clock)),
    )
    .addOption(
      fills(
        `${place}until`,
        "--trust-until <instant>",
        "until when it is trusted, or never (never)",
        instantOrNeverValue(clock),
      ),
    );
}

/** Adds `trust` and `distrust` to the group of `collection`, "sources" or "mirrors". */
export function addTrustCommands(group: Command, collection: "sources" | "mirrors", surroundings: Surroundings): void {
  const name = `the ${group.name()}`;
  const trust = group
    .command("trust")
    .description("accept archives that are signed with a public key")
    .argument("<name>", name);
  onServer(addTrustOptions(trust, surroundings), surroundings, async (call, named: string) => {
    show(call, await call.client.post(trustedKeysPath(collection, named), await call.body()));
  });

  const instant = instantOrNeverValue(surroundings.clock);
  const distrust = group
    .command("distrust")
    .description("stop accepting archives that are signed with a public key, or with `--until never` accept them again")
    .argument("<name>", name)
    .argument("<number>", `number of the trusted key, as \`enks ${group.name()} show\` lists it`, countValue)
    .addOption(fills("until", "--until <instant>", "from when on it is not trusted, or never (now)", instant));
  onServer(distrust, surroundings, async (call, named: string, id: number, flags: { until?: InstantOrNever }) => {
    const { at: until } = flags.until ?? instant("now");
    const target = `${trustedKeysPath(collection, named)}${path`/${id}`}`;
    show(call, await call.client.patch(target, { until }));
  });
}

function trustedKeysPath(collection: "sources" | "mirrors", name: string): string {
  return `/v1/${collection}${path`/${name}/trusted-keys`}`;
}

function show(call: Call, body: TrustedKeyBody): void {
  call.show(body, (trusted) =>
    renderFields([
      ["trusted key", String(trusted.id)],
      ["key id", trusted.keyId || NO_NAME],
      ["version", trusted.keyVersion || NO_NAME],
      ["from", trusted.from],
      ["until", trusted.until],
    ]),
  );
}

/** An empty part of a name, which would look like a gap. */
export const NO_NAME = "(none)";

export const TRUSTED_KEY_COLUMNS: readonly Column<TrustedKeyBody>[] = [
  { title: "number", value: ({ id }) => String(id) },
  { title: "key id", value: ({ keyId }) => keyId || NO_NAME, whole: true },
  { title: "version", value: ({ keyVersion }) => keyVersion || NO_NAME, whole: true },
  { title: "from", value: ({ from }) => from },
  { title: "until", value: ({ until }) => until ?? "-" },
];
