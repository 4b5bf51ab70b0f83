// Options of a seal: which key a location's archives are signed with, and under which name phones know it.

import type { Command } from "commander";
import type { NewSealBody } from "../../features/locations/admin-schemas.ts";
import { readText } from "../read-text.ts";

export interface SealFlags {
  readonly signingKey?: string;
  readonly publicKey?: string;
  readonly keyId: string;
  readonly keyVersion: string;
  readonly from?: string;
}

export function addSealOptions(command: Command): Command {
  return command
    .option("--signing-key <name>", "a signing key of the server")
    .option("--public-key <pem>", "file with the public key of others, to adopt what they signed")
    .requiredOption("--key-id <id>", 'under which phones know the public key, such as 310; "" for none')
    .requiredOption("--key-version <version>", 'such as v1; "" for none');
}

export async function sealFrom({ signingKey, publicKey, keyId, keyVersion, from }: SealFlags): Promise<NewSealBody> {
  return {
    ...(signingKey === undefined ? {} : { signingKey }),
    ...(publicKey === undefined ? {} : { publicKeyPem: await readText(publicKey) }),
    keyId,
    keyVersion,
    ...(from === undefined ? {} : { from }),
  };
}
