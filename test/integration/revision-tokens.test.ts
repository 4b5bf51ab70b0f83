// Revision tokens on each database: sealed, opened, rotated, handed over, and refused when they are not ours.

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { codeOf } from "../../src/core/coded-error.ts";
import {
  createRevisionFeature,
  type RevisionFeature,
  revisionMigrations,
} from "../../src/features/revision/feature.ts";
import { DEFAULT_REVISION_SETTINGS, type RevisionDeps } from "../../src/features/revision/revision-types.ts";
import { rotateTokenKeys } from "../../src/features/revision/rotate-token-keys.ts";
import { createRecipient, exportTokenKeys, importTokenKeys } from "../../src/features/revision/transfer-token-keys.ts";
import type { Database } from "../../src/platform/database/database.ts";
import type { EncryptionKeys } from "../../src/platform/keys/encryption-keys.ts";
import { createMemoryEncryptionKeys } from "../../src/platform/keys/memory-encryption-keys.ts";
import type { ReportedEvent } from "../../src/platform/observe/report.ts";
import { cryptoRandom } from "../../src/platform/random/crypto-random.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

const NOW = 1_795_000_000;
const ENTRY = { keyData: new Uint8Array(16).fill(7), rollingStart: 2_991_600, rollingPeriod: 144, supplierId: null };

interface World {
  readonly deps: RevisionDeps;
  readonly feature: RevisionFeature;
  readonly events: ReportedEvent[];
}

function worldOn(database: Database, encryptionKeys: EncryptionKeys = createMemoryEncryptionKeys()): World {
  const events: ReportedEvent[] = [];
  const deps: RevisionDeps = {
    database,
    encryptionKeys,
    random: cryptoRandom,
    report: (event) => events.push(event),
    findSupplierId: async () => 7,
    settings: { ...DEFAULT_REVISION_SETTINGS, authenticated: Buffer.from("state") },
  };
  return { deps, feature: createRevisionFeature(deps), events };
}

async function seal({ feature }: World, now = NOW): Promise<Uint8Array> {
  return Buffer.from((await feature.prepareSealing(now))([ENTRY]), "base64");
}

describeOnEachDatabase("revision tokens", (open) => {
  test("a token opens to what it was sealed with, in every process", async () => {
    const database = await open([revisionMigrations]);
    const encryptionKeys = createMemoryEncryptionKeys();
    const [here, there] = [worldOn(database, encryptionKeys), worldOn(database, encryptionKeys)];
    const token = await seal(here);
    expect(await there.feature.openToken(token, NOW)).toEqual({ entries: [ENTRY] });
  });

  test("many processes that start at once make one token key", async () => {
    const database = await open([revisionMigrations]);
    const encryptionKeys = createMemoryEncryptionKeys();
    const worlds = Array.from({ length: 4 }, () => worldOn(database, encryptionKeys));
    const tokens = await Promise.all(worlds.map((world) => seal(world)));
    const names = tokens.map((token) => Buffer.from(token.subarray(0, 8)).toString("hex"));
    expect(new Set(names).size).toBe(1);
  });

  test("uploads that come first, all at once, make it in one transaction", async () => {
    const database = await open([revisionMigrations]);
    let transactions = 0;
    const transaction: Database["transaction"] = (work) => {
      transactions++;
      return database.transaction(work);
    };
    const world = worldOn({ ...database, transaction });
    await Promise.all(Array.from({ length: 20 }, () => seal(world)));
    expect(transactions).toBe(1);
  });

  test("what another server had from a third came here from that other server", async () => {
    const state = worldOn(await open([revisionMigrations]));
    const nation = worldOn(await open([revisionMigrations]));
    const seals = await state.feature.prepareSealing(NOW);
    const token = Buffer.from(seals([{ ...ENTRY, supplierId: 3 }]), "base64");
    const { transfer } = await exportTokenKeys(state.deps, await createRecipient(nation.deps, NOW));
    await importTokenKeys(nation.deps, transfer, "state", NOW);
    expect(await state.feature.openToken(token, NOW)).toEqual({ entries: [{ ...ENTRY, supplierId: 3 }] });
    expect(await nation.feature.openToken(token, NOW)).toEqual({ entries: [{ ...ENTRY, supplierId: 7 }] });
  });

  test("no changed byte is overlooked", async () => {
    const world = worldOn(await open([revisionMigrations]));
    const token = await seal(world);
    for (let at = 0; at < token.length; at += 11) {
      const changed = Uint8Array.from(token);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await world.feature.openToken(changed, NOW)).toBeNull();
    }
    for (const length of [0, 8, 40, token.length - 1]) {
      expect(await world.feature.openToken(token.subarray(0, length), NOW)).toBeNull();
    }
  });

  test("old tokens are honoured for their time after a rotation, then no more", async () => {
    const world = worldOn(await open([revisionMigrations]));
    const token = await seal(world);
    const rotatedAt = NOW + 7 * DAY;
    expect(await rotateTokenKeys(world.deps, rotatedAt)).toEqual({ isNewDue: true, outlived: [] });
    expect(await rotateTokenKeys(world.deps, rotatedAt)).toEqual({ isNewDue: false, outlived: [] });
    const later = await seal(world, rotatedAt + HOUR);
    expect(later.subarray(0, 8)).not.toEqual(token.subarray(0, 8));
    expect(await world.feature.openToken(token, rotatedAt + HOUR)).not.toBeNull();

    const outlivedAt = rotatedAt + world.deps.settings.oldKeySeconds;
    expect((await rotateTokenKeys(world.deps, outlivedAt)).outlived).toHaveLength(1);
    expect(await world.feature.openToken(token, outlivedAt + HOUR)).toBeNull();
    expect(await world.feature.openToken(later, outlivedAt + HOUR)).not.toBeNull();
  });

  test("token keys handed over open a person's token at the next server", async () => {
    const state = worldOn(await open([revisionMigrations]));
    const nation = worldOn(await open([revisionMigrations]));
    const token = await seal(state);
    const recipient = await createRecipient(nation.deps, NOW);
    const { transfer, count } = await exportTokenKeys(state.deps, recipient);
    expect(count).toBe(1);

    expect(await importTokenKeys(nation.deps, transfer, "state", NOW)).toBe(1);
    expect(await importTokenKeys(nation.deps, transfer, "state", NOW)).toBe(1);

    expect(await nation.feature.openToken(token, NOW + 1)).toEqual({ entries: [{ ...ENTRY, supplierId: 7 }] });
    // It goes on with a key of its own.
    expect(await nation.feature.openToken(await seal(nation), NOW + 1)).toEqual({ entries: [ENTRY] });
    const over = NOW + nation.deps.settings.oldKeySeconds;
    expect(await nation.feature.openToken(token, over)).toBeNull();
  });

  test("a hand-over is for one receiver, and for nobody when it was changed", async () => {
    const state = worldOn(await open([revisionMigrations]));
    const nation = worldOn(await open([revisionMigrations]));
    const stranger = worldOn(await open([revisionMigrations]));
    await seal(state);
    const { transfer } = await exportTokenKeys(state.deps, await createRecipient(nation.deps, NOW));
    const refusal = (given: string, at: World) =>
      importTokenKeys(at.deps, given, "state", NOW).then(String, (error: unknown) => codeOf(error));
    expect(await refusal(transfer, stranger)).toBe("token_key_transfer_invalid");
    const bytes = Buffer.from(transfer, "base64");
    for (const at of [40, 70, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await refusal(changed.toString("base64"), nation)).toBe("token_key_transfer_invalid");
    }
    expect(await refusal("AAAA", nation)).toBe("token_key_transfer_invalid");
  });

  test("a transfer to nothing, or of nothing, is refused", async () => {
    const world = worldOn(await open([revisionMigrations]));
    const refusal = (recipient: string) =>
      exportTokenKeys(world.deps, recipient).then(String, (error: unknown) => codeOf(error));
    const recipient = await createRecipient(world.deps, NOW);
    expect(await refusal(recipient)).toBe("token_key_transfer_invalid");
    await seal(world);
    expect(await refusal("AAAA")).toBe("token_key_transfer_invalid");
    expect(await refusal(Buffer.alloc(32).toString("base64"))).toBe("token_key_transfer_invalid");
  });

  test("a key that cannot be unwrapped closes the way to its own tokens only (KS R3, R5)", async () => {
    const database = await open([revisionMigrations]);
    const before = worldOn(database);
    const token = await seal(before);
    const after = worldOn(database);
    expect(await after.feature.openToken(token, NOW)).toBeNull();
    expect(after.events).toContainEqual(expect.objectContaining({ event: "revision.token-key-unusable" }));
    expect(codeOf(await seal(after).catch((error: unknown) => error))).toBe("token_key_unavailable");
  });
});
