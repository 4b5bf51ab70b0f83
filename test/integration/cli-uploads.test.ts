// The commands around uploads, against whole servers: health authorities, apps, and token keys from server to server.

import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AppBody } from "../../src/features/publish/apps/admin-schemas.ts";
import type { TokenKeyBody, TransferBody } from "../../src/features/revision/admin-schemas.ts";
import type { AuthorityBody } from "../../src/features/verification/admin-schemas.ts";
import { makeAuthority } from "../support/certificates.ts";
import { type CliWorld, makeCliWorld } from "../support/cli-world.ts";

const AUTHORITY = makeAuthority("gov.state", "v1");
const ENTRY = { keyData: new Uint8Array(16).fill(7), rollingStart: 2_991_600, rollingPeriod: 144, supplierId: null };

let world: CliWorld;
let folder: string;
let pem: string;
beforeAll(async () => {
  world = await makeCliWorld();
  folder = await mkdtemp(join(tmpdir(), "enks-cli-"));
  pem = join(folder, "authority.pem");
  await writeFile(pem, AUTHORITY.publicKeyPem);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

/** What a command that ends well prints. */
async function good(...words: string[]): Promise<string> {
  const { code, out, err } = await world.enks(words);
  expect({ code, err }, words.join(" ")).toEqual({ code: 0, err: "" });
  return out;
}

function authorityOf(name: string): Promise<AuthorityBody> {
  return world.answer<AuthorityBody>("authority", "show", name);
}

function fingerprintOf(what: string, text: string): string | undefined {
  return new RegExp(`^fingerprint of the ${what}: ((?:[0-9a-f]{4} ?){6})$`, "m").exec(text)?.[1];
}

async function complete(...words: string[]): Promise<string[]> {
  return (await good("__complete", ...words)).split("\n").flatMap((line) => line.split("\t")[0] || []);
}

describe("enks authority", () => {
  test("is made, changed where a flag says so, and listed", async () => {
    const words = ["--issuer", "gov.oregon", "--audience", "enks"];
    expect(await good("authority", "create", "oregon", ...words)).toMatch(/may ask for statistics +yes/);
    const jwksUrl = "https://oregon.example/jwks.json";
    await good("authority", "change", "oregon", "--jwks-url", jwksUrl, "--no-stats");
    const made = { name: "oregon", iss: "gov.oregon", aud: "enks", jwksUrl, allowPrivateAddresses: false };
    expect(await authorityOf("oregon")).toMatchObject({ ...made, statsEnabled: false });

    await good("authority", "change", "oregon", "--audience", "other", "--private-addresses");
    expect(await authorityOf("oregon")).toMatchObject({ aud: "other", allowPrivateAddresses: true });
    const changed = ["--jwks-url", "none", "--no-private-addresses", "--stats", "--issuer", "health.oregon"];
    await good("authority", "change", "oregon", ...changed);
    expect(await authorityOf("oregon")).toMatchObject({
      iss: "health.oregon",
      jwksUrl: null,
      allowPrivateAddresses: false,
      statsEnabled: true,
    });
    expect(await good("authority", "list")).toMatch(/^ {2}oregon +health\.oregon +0 +- +- +-$/m);
  });

  test("is made with everything at once", async () => {
    const words = ["--issuer", "gov.idaho", "--audience", "enks", "--no-stats", "--private-addresses"];
    await good("authority", "create", "idaho", ...words, "--jwks-url", "http://127.0.0.1:9/jwks.json");
    const expected = { allowPrivateAddresses: true, statsEnabled: false, jwksUrl: "http://127.0.0.1:9/jwks.json" };
    expect(await authorityOf("idaho")).toMatchObject(expected);
  });

  test("gets keys, which end and are opened again", async () => {
    await good("authority", "create", "state", "--issuer", AUTHORITY.iss, "--audience", AUTHORITY.aud);
    const added = await good("authority", "add-key", "state", "--kid", "v1", "--public-key", pem, "--until", "+30d");
    expect(added).toMatch(/kid +v1\n +from +2026-11-24T10:00:00Z\n +until +2026-12-24T10:00:00Z/);
    expect(await good("authority", "list")).toMatch(/^ {2}state +gov\.state +1 /m);

    expect(await good("authority", "end-key", "state", "v1")).toMatch(/until +2026-11-24T10:00:00Z/);
    expect(await good("authority", "list")).toMatch(/^ {2}state +gov\.state +0 /m);
    expect(await good("authority", "end-key", "state", "v1", "--until", "never")).toMatch(/until +-/);
    expect(await good("authority", "show", "state")).toMatch(/v1 +entered +2026-11-24T10:00:00Z +- +-/);
    const next = ["--kid", "v2", "--public-key", pem, "--from", "+1d", "--until", "never"];
    await good("authority", "add-key", "state", ...next);
    expect((await authorityOf("state")).keys).toMatchObject([{ version: "v1" }, { from: "2026-11-25T10:00:00Z" }]);
  });

  test("that cannot be is refused with its code", async () => {
    const { code, err } = await world.enks(["authority", "change", "nobody", "--audience", "x"]);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringMatching(/^error authority_unknown: /) });
  });
});

describe("enks app", () => {
  test("is made, changed where a flag says so, listed and deleted", async () => {
    await good("authority", "create", "a", "--issuer", "gov.a", "--audience", "enks");
    await good("authority", "create", "b", "--issuer", "gov.b", "--audience", "enks");
    const made = await good("app", "create", "Org.App", "--regions", "us-wa,CA", "--authorities", "b,a");
    expect(made).toMatch(/name +org\.app\n +regions +CA, US-WA\n +authorities +a, b\n/);
    expect(made).toMatch(/needs +certificate, revision token/);

    await good("app", "change", "org.app", "--authorities", "a", "--bypass-certificate", "--bypass-revision-token");
    const expected = { regions: ["CA", "US-WA"], authorities: ["a"], bypassCertificate: true };
    expect(await world.answer<AppBody>("app", "show", "org.app")).toMatchObject(expected);
    expect(await good("app", "list")).toMatch(/^ {2}org\.app +CA,US-WA +a +-$/m);
    await good("app", "change", "org.app", "--regions", "MX", "--no-bypass-revision-token");
    expect(await good("app", "show", "org.app")).toMatch(/regions +MX\n.*\n +needs +revision token/);
    await good("app", "change", "org.app", "--no-bypass-certificate");
    expect(await good("app", "list")).toMatch(/^ {2}org\.app +MX +a +certificate, revision token$/m);

    expect(await complete("app", "show", "or")).toEqual(["org.app"]);
    expect(await good("app", "delete", "org.app")).toBe("deleted: org.app\n");
    expect(await good("app", "list")).toBe("none\n");
    const { code, err } = await world.enks(["app", "delete", "org.app"]);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringMatching(/^error app_unknown: /) });
  });

  test("without a certificate needs no authority, and with one it does", async () => {
    await good("app", "create", "open", "--regions", "XX", "--bypass-certificate");
    expect(await world.answer<AppBody>("app", "show", "open")).toMatchObject({ authorities: [] });
    const { err } = await world.enks(["app", "create", "closed", "--regions", "XX"]);
    expect(err).toMatch(/^error app_invalid: /);
  });

  test("is made of names that the shell knows", async () => {
    expect(await complete("app", "create", "x", "--authorities", "or")).toEqual(["oregon"]);
    expect(await complete("authority", "end-key", "st")).toEqual(["state"]);
    expect(await complete("authority", "create", "")).toEqual([]);
  });
});

describe("enks token-key", () => {
  test("hands token keys over from server to server, and both sides see the same fingerprints", async () => {
    await using state = await openWorld();
    await using nation = await openWorld();
    const where = ["--index-url", "https://state.example/index.txt", "--base-url", "https://state.example/"];
    expect(await nation.enks(["source", "add", "state", "--region", "US-WA", ...where])).toMatchObject({ code: 0 });
    const { revision } = state.server;
    const token = Buffer.from((await revision.prepareSealing(state.clock.now()))([ENTRY]), "base64");
    expect(await nation.server.revision.openToken(token, nation.clock.now())).toBeNull();

    const made = await nation.enks(["token-key", "recipient"]);
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^[A-Za-z0-9+/]{43}=\n$/) });
    const file = join(folder, "hand-over.txt");
    const given = await state.enks(["token-key", "export", "--for", made.out, "-o", file]);
    expect(given).toMatchObject({ code: 0, out: "" });
    expect(fingerprintOf("public key", given.err)).toBe(fingerprintOf("public key", made.err));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const taken = await nation.enks(["token-key", "import", file, "--source", "state"]);
    expect(taken).toMatchObject({ code: 0, out: "taken over: 1 token keys\n" });
    expect(fingerprintOf("hand-over", taken.err)).toBe(fingerprintOf("hand-over", given.err));
    expect(fingerprintOf("hand-over", taken.err)).toBeDefined();

    nation.clock.advance(2);
    const [shown] = await nation.answer<TokenKeyBody[]>("token-key", "list");
    expect(shown).toMatchObject({ supplierId: expect.any(Number), destroyed: false });
    const entries = [{ ...ENTRY, supplierId: shown?.supplierId }];
    expect(await nation.server.revision.openToken(token, nation.clock.now())).toEqual({ entries });
    expect((await nation.enks(["token-key", "list"])).out).toMatch(/^ {2}[0-9a-f]{16} +supplier \d+ +.* usable$/m);
    expect((await state.enks(["token-key", "list"])).out).toMatch(/^ {2}[0-9a-f]{16} +this server +now +- +usable$/m);
  });

  test("writes a hand-over to standard output, too, and refuses one for others", async () => {
    const { revision } = world.server;
    await revision.prepareSealing(world.clock.now());
    const { publicKey } = await world.answer<{ publicKey: string }>("token-key", "recipient");
    const { transfer, count } = await world.answer<TransferBody>("token-key", "export", "--for", publicKey);
    expect(count).toBe(1);
    const { out } = await world.enks(["token-key", "export", "--for", publicKey]);
    expect(out).toMatch(/^[A-Za-z0-9+/]+=*\n$/);
    expect(out.length).toBe(transfer.length + 1);

    await using other = await openWorld();
    const file = join(folder, "for-others.txt");
    await writeFile(file, out);
    await other.enks(["source", "add", "s", "--region", "X", "--index-url", "https://a/i", "--base-url", "https://a/"]);
    const refused = await other.enks(["token-key", "import", file, "--source", "s"]);
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/^error token_key_transfer_invalid: /) });
  });

  test("says what a public key is not, and where nothing can be written", async () => {
    const wrong = await world.enks(["token-key", "export", "--for", "AAAA"]);
    expect(wrong).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/^error token_key_transfer_invalid: /),
    });
    const { publicKey } = await world.answer<{ publicKey: string }>("token-key", "recipient");
    const nowhere = ["token-key", "export", "--for", publicKey, "-o", join(folder, "none", "x")];
    expect(await world.enks(nowhere)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error output_unwritable: /),
    });
  });
});

async function openWorld(): Promise<CliWorld & AsyncDisposable> {
  const made = await makeCliWorld();
  return { ...made, [Symbol.asyncDispose]: () => made.close() };
}
