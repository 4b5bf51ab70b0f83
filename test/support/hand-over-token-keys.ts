// Token keys of one server for another, as the admin API hands them over.

import { DEFAULT_REVISION_SETTINGS, type RevisionDeps } from "../../src/features/revision/revision-types.ts";
import { createRecipient, exportTokenKeys, importTokenKeys } from "../../src/features/revision/transfer-token-keys.ts";
import { reportNothing } from "../../src/platform/observe/report.ts";
import { cryptoRandom } from "../../src/platform/random/crypto-random.ts";
import { NOW, type PublishWorld } from "./publish-world.ts";

/** From the state to the nation, which knows it as supplier 7. */
export async function handOverTokenKeys(state: PublishWorld, nation: PublishWorld): Promise<void> {
  await state.revision.prepareSealing(NOW);
  const { transfer } = await exportTokenKeys(depsOf(state), await createRecipient(depsOf(nation), NOW));
  await importTokenKeys(depsOf(nation), transfer, "state", NOW);
}

function depsOf({ database, encryptionKeys }: PublishWorld): RevisionDeps {
  return {
    database,
    encryptionKeys,
    random: cryptoRandom,
    report: reportNothing,
    findSupplierId: async () => 7,
    settings: { ...DEFAULT_REVISION_SETTINGS, authenticated: Buffer.from("state") },
  };
}
