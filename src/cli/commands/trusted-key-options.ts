// Trusting a public key of another server, and no longer doing so; sources and mirrors do it alike.

import type { Command } from "commander";
import type { NewTrustedKeyBody, TrustedKeyBody } from "../../features/upstreams/trusted-key-schemas.ts";
import { path } from "../client/admin-path.ts";
import { renderFields } from "../output/render-fields.ts";
import { countValue, type InstantOrNever, instantOrNeverValue, instantValue } from "../parse/option-values.ts";
import { readText } from "../read-text.ts";
import type { Column } from "../render-table.ts";
import { onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

export interface TrustFlags {
  readonly publicKey: string;
  readonly keyId: string;
  readonly keyVersion: string;
  readonly trustFrom?: string;
  readonly trustUntil?: InstantOrNever;
}

export function addTrustOptions(command: Command, { clock }: Surroundings): Command {
  return command
    .requiredOption("--public-key <pem>", "file with the public key of the other server; - reads standard input")
    .requiredOption("--key-id <id>", 'which its archives name, such as 310; "" where they name none')
    .requiredOption("--key-version <version>", 'such as v1; "" where they name none')
    .option("--trust-from <instant>", "since when it is believed (the beginning)", instantValue(clock))
    .option("--trust-until <instant>", "until when, or never (never)", instantOrNeverValue(clock));
}

export async function trustedKeyFrom(flags: TrustFlags): Promise<NewTrustedKeyBody> {
  const { publicKey, keyId, keyVersion, trustFrom: from, trustUntil } = flags;
  return {
    keyId,
    keyVersion,
    publicKeyPem: await readText(publicKey),
    ...(from === undefined ? {} : { from }),
    ...(trustUntil === undefined ? {} : { until: trustUntil.at }),
  };
}

/** Adds `trust` and `distrust` to the group of `collection`, "sources" or "mirrors". */
export function addTrustCommands(group: Command, collection: "sources" | "mirrors", surroundings: Surroundings): void {
  const trust = group.command("trust").description("believe a public key on archives").argument("<name>");
  onServer(addTrustOptions(trust, surroundings), surroundings, async (call, name: string, flags: TrustFlags) => {
    const body = await trustedKeyFrom(flags);
    const trusted = await call.client.post<TrustedKeyBody>(trustedKeysPath(collection, name), body);
    call.show(trusted, renderTrustedKey);
  });

  const instant = instantOrNeverValue(surroundings.clock);
  const distrust = group
    .command("distrust")
    .description("no longer believe a public key, which `show` lists under its number")
    .argument("<name>")
    .argument("<number>", "of the trusted key", countValue)
    .option("--until <instant>", "from when on, or never (now)", instant);
  onServer(distrust, surroundings, async (call, name: string, id: number, flags: { until?: InstantOrNever }) => {
    const { at: until } = flags.until ?? instant("now");
    const target = `${trustedKeysPath(collection, name)}${path`/${id}`}`;
    call.show(await call.client.patch<TrustedKeyBody>(target, { until }), renderTrustedKey);
  });
}

function trustedKeysPath(collection: "sources" | "mirrors", name: string): string {
  return `/v1/${collection}${path`/${name}/trusted-keys`}`;
}

function renderTrustedKey(trusted: TrustedKeyBody): string {
  return renderFields([
    ["trusted key", String(trusted.id)],
    ["key id", trusted.keyId || NO_NAME],
    ["version", trusted.keyVersion || NO_NAME],
    ["from", trusted.from],
    ["until", trusted.until],
  ]);
}

/** An empty part of a name, which would look like a gap. */
export const NO_NAME = "(none)";

export const TRUSTED_KEY_COLUMNS: readonly Column<TrustedKeyBody>[] = [
  { title: "number", value: ({ id }) => String(id) },
  { title: "key id", value: ({ keyId }) => keyId || NO_NAME, cut: true },
  { title: "version", value: ({ keyVersion }) => keyVersion || NO_NAME, cut: true },
  { title: "from", value: ({ from }) => from },
  { title: "until", value: ({ until }) => until ?? "-" },
];
