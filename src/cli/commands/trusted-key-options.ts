// Trusting a public key of another server, and no longer doing so; sources and mirrors do it alike.

import type { Command } from "commander";
import { CodedError } from "../../core/coded-error.ts";
import type { TrustedKeyBody } from "../../features/upstreams/trusted-key-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { fills, fillsFromFile } from "../options/body-option.ts";
import { renderFields } from "../output/render-fields.ts";
import { type InstantOrNever, instantOrNeverValue, instantValue } from "../parse/option-values.ts";
import type { Column } from "../render-table.ts";
import { onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

/**
 * `place`: where the trusted key is in the request's body, "" or "trustedKeys/0/". Of a command that works without one
 * too, the server says what of a key is missing.
 */
export function addTrustOptions(
  command: Command,
  { clock }: Surroundings,
  { place = "", isMandatory = true }: { readonly place?: string; readonly isMandatory?: boolean } = {},
): Command {
  return command
    .addOption(
      fillsFromFile(
        `${place}publicKeyPem`,
        "--public-key <file>",
        "PEM file with the public key of the other server; - reads standard input",
      ).makeOptionMandatory(isMandatory),
    )
    .addOption(
      fills(
        `${place}keyId`,
        "--key-id <id>",
        'key id that its archives carry, such as 310; "" where they carry none',
      ).makeOptionMandatory(isMandatory),
    )
    .addOption(
      fills(
        `${place}keyVersion`,
        "--key-version <version>",
        'key version that they carry, such as v1; "" where they carry none',
      ).makeOptionMandatory(isMandatory),
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
    .requiredOption("--key-id <id>", 'its key id, such as 310; "" where it has none')
    .requiredOption("--key-version <version>", 'its key version, such as v1; "" where it has none')
    .addOption(fills("until", "--until <instant>", "from when on it is not trusted, or never (now)", instant));
  onServer(distrust, surroundings, async (call, named: string, flags: DistrustFlags) => {
    call.requireChosen();
    const { at: until } = flags.until ?? instant("now");
    const found = await findTrusted(call, `/v1/${collection}${path`/${named}`}`, flags);
    for (const { id } of found) {
      const target = `${trustedKeysPath(collection, named)}${path`/${id}`}`;
      show(call, await call.client.patch(target, { until }));
    }
  });
}

interface DistrustFlags {
  readonly keyId: string;
  readonly keyVersion: string;
  readonly until?: InstantOrNever;
}

/** All of these names: several public keys may have them. Throws `trusted_key_unknown`. */
async function findTrusted(
  call: Call,
  target: string,
  { keyId, keyVersion }: DistrustFlags,
): Promise<TrustedKeyBody[]> {
  const { trustedKeys } = await call.client.get<{ readonly trustedKeys: readonly TrustedKeyBody[] }>(target);
  const found = trustedKeys.filter((trusted) => trusted.keyId === keyId && trusted.keyVersion === keyVersion);
  if (found.length > 0) return found;
  const names = trustedKeys.map((trusted) => `${trusted.keyId || NO_NAME} ${trusted.keyVersion || NO_NAME}`).join(", ");
  throw new CodedError("trusted_key_unknown", "no trusted key has this id and version", {
    remedy: names === "" ? "It trusts no key." : `It knows: ${names}.`,
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
