// The token keys as this process knows them: read now and then, together by all who ask at once.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { StatementLimits } from "../../platform/database/database.ts";
import { insertTokenKey, lockTokenKeys, readTokenKeys } from "./queries.ts";
import type { RevisionDeps, RevisionErrorCode, TokenKey, UnwrappedTokenKey } from "./revision-types.ts";
import { makeTokenKey, unwrapTokenKey } from "./wrap-token-key.ts";

export interface TokenKeyRing {
  /** The key under which tokens are sealed now; the first is made by whoever asks first. Throws `token_key_unavailable`. */
  sealing(now: UnixSeconds): Promise<UnwrappedTokenKey>;
  /** The key of this id, if tokens may still be opened with it. Throws `token_key_unavailable`. */
  find(id: string, now: UnixSeconds): Promise<UnwrappedTokenKey | null>;
}

interface Known {
  readonly at: UnixSeconds;
  readonly keys: ReadonlyMap<string, UnwrappedTokenKey>;
}

/** Ids are chosen by whoever sends tokens: for unknown ones the database is asked no more than once a second. */
const UNKNOWN_ID_SECONDS = 1;

export function createTokenKeyRing(deps: RevisionDeps): TokenKeyRing {
  let known: Known | null = null;
  let reading: Promise<Known> | null = null;
  let making: Promise<Known> | null = null;

  async function read(now: UnixSeconds): Promise<Known> {
    const keys = new Map<string, UnwrappedTokenKey>();
    for (const key of await readTokenKeys(deps.database.db)) {
      const unwrapped = known?.keys.get(key.id)?.secret;
      if (key.wrapped === null) continue;
      // One key that cannot be unwrapped closes the way back to its own tokens only.
      const opened = unwrapped ? { ...key, secret: unwrapped } : await unwrapOrReport(deps, key, key.wrapped);
      if (opened !== null) keys.set(key.id, opened);
    }
    return { at: now, keys };
  }

  async function ask(now: UnixSeconds, maxAgeSeconds: number): Promise<Known> {
    if (known !== null && Math.abs(now - known.at) < maxAgeSeconds) return known;
    reading ??= read(now).finally(() => {
      reading = null;
    });
    try {
      known = await reading;
    } catch (cause) {
      // What was true a while ago serves better than nothing, and better than a new key (KS 13.2 R3, R5).
      if (known === null) throw unavailable(cause);
      deps.report({ event: "revision.token-keys-unread", level: "warn", code: codeOf(cause) ?? "unexpected" });
    }
    return known;
  }

  async function make(now: UnixSeconds): Promise<Known> {
    try {
      await ensureTokenKey(deps, now);
      // Not what somebody began to read before.
      known = await read(now);
      return known;
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  return {
    async sealing(now) {
      const found = newestOwn((await ask(now, deps.settings.cacheSeconds)).keys.values());
      if (found !== null) return found;
      making ??= make(now).finally(() => {
        making = null;
      });
      const made = newestOwn((await making).keys.values());
      if (made === null) throw unavailable(new Error("the token key that was made cannot be unwrapped"));
      return made;
    },
    async find(id, now) {
      const { keys } = await ask(now, deps.settings.cacheSeconds);
      const key = keys.get(id) ?? (await ask(now, UNKNOWN_ID_SECONDS)).keys.get(id);
      return key !== undefined && (key.endsAt === null || now < key.endsAt) ? key : null;
    },
  };
}

/** Uploads wait for it: where the maker is frozen, others are made room for while phones still wait. */
const MAKING_LIMITS: StatementLimits = { withinMilliseconds: 5_000, lockMilliseconds: 5_000, idleMilliseconds: 4_000 };

/** Makes the first token key unless another process was faster. */
async function ensureTokenKey(deps: RevisionDeps, now: UnixSeconds): Promise<void> {
  const key = await makeTokenKey(deps, now);
  await deps.database.transaction(async (tx) => {
    await lockTokenKeys(tx);
    const isThere = (await readTokenKeys(tx)).some(
      ({ supplierId, wrapped }) => supplierId === null && wrapped !== null,
    );
    if (!isThere) await insertTokenKey(tx, key);
  }, MAKING_LIMITS);
}

function newestOwn(keys: Iterable<UnwrappedTokenKey>): UnwrappedTokenKey | null {
  let newest: UnwrappedTokenKey | null = null;
  for (const key of keys) {
    if (key.supplierId === null && (newest === null || key.createdAt > newest.createdAt)) newest = key;
  }
  return newest;
}

async function unwrapOrReport(
  deps: RevisionDeps,
  key: TokenKey,
  wrapped: Uint8Array,
): Promise<UnwrappedTokenKey | null> {
  try {
    return await unwrapTokenKey(deps, { ...key, wrapped });
  } catch (cause) {
    const code = codeOf(cause) ?? "unexpected";
    deps.report({ event: "revision.token-key-unusable", level: "error", tokenKey: key.id, code });
    return null;
  }
}

function unavailable(cause: unknown): CodedError<RevisionErrorCode> {
  return new CodedError("token_key_unavailable", "no revision token can be made or read at present", { cause });
}
