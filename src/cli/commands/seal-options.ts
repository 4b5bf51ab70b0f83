// Options of a seal: which key a location's archives are signed with, and under which name phones know it.

import type { Command } from "commander";
import { SEAL_DOUBTS } from "../../features/locations/location-types.ts";
import { fills, fillsFromFile } from "../options/body-option.ts";
import { namesValue } from "../parse/option-values.ts";

/** `place`: where the seal is in the request's body, "" or "seal/". */
export function addSealOptions(command: Command, place = ""): Command {
  return command
    .addOption(
      fills(`${place}signingKey`, "--signing-key <name>", "signing key of this server that signs the archives"),
    )
    .addOption(
      fillsFromFile(
        `${place}publicKeyPem`,
        "--public-key <file>",
        "instead of --signing-key: PEM file with the public key under which others signed, to adopt or copy theirs",
      ),
    )
    .addOption(
      fills(
        `${place}keyId`,
        "--key-id <id>",
        'key id under which phones know the public key, such as 310; "" for none',
      ).makeOptionMandatory(),
    )
    .addOption(
      fills(
        `${place}keyVersion`,
        "--key-version <version>",
        'its key version, such as v1; "" for none',
      ).makeOptionMandatory(),
    )
    .addOption(
      fills(
        `${place}reallyMeant`,
        "--really <doubts>",
        `what is hardly ever meant, and is here: ${SEAL_DOUBTS.join(", ")}`,
        namesValue,
      ),
    );
}
