// The commands of the resources, against a whole server: what people see, and what `--json` prints.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditEntryBody, PrincipalBody } from "../../src/features/administration/admin-schemas.ts";
import type { BackfillBody, ExportBody } from "../../src/features/export/admin-schemas.ts";
import type { KeyTotalsBody } from "../../src/features/exposures/admin-schemas.ts";
import type { SourceBody } from "../../src/features/import/admin-schemas.ts";
import type { LocationBody } from "../../src/features/locations/admin-schemas.ts";
import type { MirrorBody } from "../../src/features/mirror/admin-schemas.ts";
import { type CliWorld, makeCliWorld } from "../support/cli-world.ts";
import { makeSigner } from "../support/sample-archives.ts";

const STATE = makeSigner("310", "v1");
const SEAL = ["--signing-key", "ours", "--key-id", "262", "--key-version", "v1"];
const WHERE = ["--index-url", "http://127.0.0.1:9/index.txt", "--base-url", "http://127.0.0.1:9/"];

let world: CliWorld;
let folder: string;
let pem: string;
beforeAll(async () => {
  world = await makeCliWorld();
  folder = await mkdtemp(join(tmpdir(), "enks-cli-"));
  pem = join(folder, "state.pem");
  await writeFile(pem, STATE.pem);
  await good("signing-key", "create", "ours");
  await good("location", "create", "client", ...SEAL);
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

describe("enks signing-key", () => {
  test("prints nothing but the public key, so that it can go into a file", async () => {
    const made = await good("signing-key", "create", "another");
    expect(made).toMatch(/^-----BEGIN PUBLIC KEY-----\n[\s\S]+-----END PUBLIC KEY-----\n$/);
    expect(await good("signing-key", "public", "another")).toBe(made);
  });

  test("writes it to a new file, and never over one that is there", async () => {
    const file = join(folder, "out.pem");
    expect(await good("signing-key", "create", "filed", "--out", file)).toBe(
      `written: public key of filed to ${file}\n`,
    );
    const written = await readFile(file, "utf8");
    expect(written).toBe(await good("signing-key", "public", "filed"));
    for (const words of [
      ["create", "unmade"],
      ["create", "filed"],
      ["public", "ours"],
    ]) {
      const { code, err } = await world.enks(["signing-key", ...words, "--out", file]);
      expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("error output_exists: ") });
    }
    const nowhere = await world.enks(["signing-key", "create", "unmade", "--out", join(folder, "none", "x.pem")]);
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining("error output_unwritable: ") });
    expect(await readFile(file, "utf8")).toBe(written);
    // What was refused for its file was not made.
    expect(await good("signing-key", "list")).not.toContain("unmade");
  });

  test("lists where each is used", async () => {
    expect(await good("signing-key", "list")).toMatch(/^ {2}ours +ECDSA-P256-SHA256 +client /m);
  });
});

describe("enks location", () => {
  test("shows settings and seals", async () => {
    const shown = await good("location", "show", "client");
    expect(shown).toMatch(/retention +14d, then 2d of grace/);
    expect(shown).toMatch(/262 +v1 +ours +1970-01-01T00:00:00Z +-/);
    expect(await good("location", "list")).toMatch(/^ {2}client +unchecked +0 +- +- +-$/m);
  });

  test("changes how long archives are kept", async () => {
    expect(await good("location", "change", "client", "--retention", "15d", "--grace", "3d", "--yes")).toContain(
      "15d, then 3d",
    );
    const body = await world.answer<LocationBody>("location", "show", "client");
    expect(body).toMatchObject({ retentionSeconds: 15 * 86_400, graceSeconds: 3 * 86_400 });
  });

  test("appends a seal from an instant on", async () => {
    const rotated = await good("location", "rotate", "client", ...SEAL.slice(0, -1), "v2", "--from", "+1h", "--yes");
    expect(rotated).toMatch(/262 +v1 +ours +1970-01-01T00:00:00Z +2026-11-24T11:00:00Z/);
    expect(rotated).toMatch(/262 +v2 +ours +2026-11-24T11:00:00Z +-/);
  });

  test("shows what comes of a rotation, and asks", async () => {
    const rotate = ["location", "rotate", "client", ...SEAL.slice(0, -1), "v3", "--from", "+2h"];
    const dry = await world.enks([...rotate, "--dry-run"]);
    expect(dry.code).toBe(0);
    expect(dry.out).toMatch(/- phones that know only the public key "262" "v2", from 2026-11-24T12:00:00Z:\s+refuse/);
    const refused = await world.enks(rotate);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("confirmation_missing")]);
    const declined = await world.enks(rotate, { answers: ["n"] });
    expect([declined.code, declined.out]).toEqual([1, expect.stringContaining("nothing was done")]);
    expect(await good("location", "show", "client")).not.toContain("v3");
    expect((await world.enks(rotate, { answers: ["y"] })).out).toContain("v3");
    expect(await good("location", "cancel-rotation", "client", "--from", "+2h")).not.toContain("v3");
  });

  test("takes what is hardly ever meant where it is named", async () => {
    const swapped = ["location", "rotate", "client", "--signing-key", "ours", "--key-id", "v9", "--key-version", "262"];
    const refused = await world.enks([...swapped, "--yes"]);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("error location_seal_doubtful") });
    expect(refused.err).toContain("--really: swapped-name");
    expect(await good(...swapped, "--really", "swapped-name", "--from", "+3h", "--yes")).toMatch(/v9 +262/);
    await good("location", "cancel-rotation", "client", "--from", "+3h");
  });

  test("is made under the public key of others, and an adoption of nothing is refused", async () => {
    await good("location", "create", "foreign", "--public-key", pem, "--key-id", "310", "--key-version", "v1");
    expect(await good("location", "show", "foreign")).toContain("(others sign)");
    for (const how of ["--yes", "--dry-run"]) {
      const { code, err } = await world.enks(["location", "adopt", "foreign", how]);
      expect([code, err], how).toEqual([1, expect.stringContaining("location_nothing_to_adopt")]);
    }
    expect(await good("location", "archives", "foreign")).toBe("none\n");
  });

  test("takes the place of a tree from the tree, when it is made and as long as it is empty", async () => {
    const tree = await mkdtemp(join(tmpdir(), "enks-adopt-from-"));
    await mkdir(join(tree, "exports/us"), { recursive: true });
    await writeFile(join(tree, "exports/us/index.txt"), "exports/us/1-2-1.zip\n");
    await writeFile(join(tree, "exports/us/1-2-1.zip"), "");
    const seal = ["--public-key", pem, "--key-id", "310", "--key-version", "v1"];
    await good("location", "create", "google", ...seal, "--adopt-from", tree);
    const places = { indexObject: "exports/us/index.txt", basePrefix: "", linePrefix: "exports/us/" };
    expect(await world.answer<LocationBody>("location", "show", "google")).toMatchObject(places);
    const move = ["location", "change", "google", "--adopt-from", tree, "--line-prefix", "exports/us/new/"];
    const dry = await good(...move, "--dry-run");
    expect(dry.replaceAll(/\s+/g, " ")).toContain('new ones get names that begin with "exports/us/new/"');
    expect(await world.answer<LocationBody>("location", "show", "google")).toMatchObject(places);
    await good(...move, "--yes");
    const changed = await world.answer<LocationBody>("location", "show", "google");
    expect(changed).toMatchObject({ ...places, linePrefix: "exports/us/new/" });
    await rm(tree, { recursive: true });
  });
});

describe("enks export", () => {
  test("is made, changed and ended", async () => {
    await good(
      "export",
      "create",
      "main",
      "--location",
      "client",
      "--region",
      "XX",
      "--period",
      "4h",
      "--backfill",
      "14d",
    );
    await good("export", "change", "main", "--include", "xx,yy", "--travelers", "never", "--max-records", "2000");
    const ended = await good("export", "end", "main", "--thru", "+2d");
    expect(ended).toMatch(/thru +2026-11-26T10:00:00Z \(in 2 days\)/);
    expect(await world.answer<ExportBody>("export", "show", "main")).toMatchObject({
      periodSeconds: 14_400,
      backfillSeconds: 14 * 86_400,
      includeRegions: ["XX", "YY"],
      travelers: "never",
      maxRecords: 2_000,
      thru: "2026-11-26T10:00:00Z",
    });
    expect(await good("export", "change", "main", "--thru", "never")).toMatch(/thru +-/);
    expect(await good("export", "list")).toMatch(/main +client +XX,YY +4h +- +- +- +-/);
  });

  test("hands a stretch to its location once more", async () => {
    await good("export", "create", "old", "--location", "client", "--region", "XX", "--period", "1h", "--from", "-3d");
    for (const job of world.server.exports.jobs) await job.run(world.clock.now());
    expect(await good("export", "backfill", "old", "--from", "-2d", "--thru", "-1d")).toMatch(/^back-fill \d+: from /);
    const { backfills } = await world.answer<{ backfills: BackfillBody[] }>("export", "show", "old");
    expect(backfills).toMatchObject([{ from: "2026-11-22T10:00:00Z", thru: "2026-11-23T10:00:00Z" }]);
    expect(await good("export", "show", "old")).toContain("Back-fills");
  });
});

describe("enks source", () => {
  test("is added, trusted for, changed and tried again", async () => {
    const key = ["--public-key", pem, "--key-id", "310", "--key-version", "v1"];
    const trustedAtOnce = [...key, "--trust-until", "+30d"];
    await good(
      "source",
      "add",
      "state",
      "--region",
      "us-wa",
      ...WHERE,
      "--private-addresses",
      "--traveler",
      ...trustedAtOnce,
    );
    const twice = await world.enks(["source", "trust", "state", ...key]);
    expect(twice).toMatchObject({ code: 1, err: expect.stringContaining("trusted_key_exists") });
    await good("source", "change", "state", "--no-traveler", "--until", "+14d");
    const before = await world.answer<SourceBody>("source", "show", "state");
    expect(before).toMatchObject({ region: "US-WA", traveler: false, allowPrivateAddresses: true });
    expect(before.until).toBe("2026-12-08T10:00:00Z");
    const [trusted] = before.trustedKeys;
    expect(trusted).toMatchObject({ keyId: "310", until: "2026-12-24T10:00:00Z" });

    const unknown = await world.enks(["source", "distrust", "state", "--key-id", "310", "--key-version", "v9"]);
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining("It knows: 310 v1.") });
    await good("source", "distrust", "state", "--key-id", "310", "--key-version", "v1", "--until", "now");
    expect(await good("source", "show", "state")).toMatch(/310 +v1 +1970-01-01T00:00:00Z +2026-11-24T10:00:00Z/);
    expect(await good("source", "list")).toMatch(/state +US-WA +http:\/\/127.0.0.1:9\/index.txt/);
    expect(await good("source", "files", "state", "--state", "quarantined")).toBe("none\n");
    expect(await good("source", "retry", "state")).toBe("due at once: 0 archives\n");
  });
});

describe("enks mirror", () => {
  test("is added, changed and ends", async () => {
    const key = ["--public-key", pem, "--key-id", "310", "--key-version", "v1"];
    await good(
      "mirror",
      "add",
      "nation",
      "--location",
      "client",
      "--region",
      "XX",
      ...WHERE,
      ...key,
      "--private-addresses",
    );
    const next = join(folder, "next.pem");
    await writeFile(next, makeSigner("310", "v2").pem);
    await good("mirror", "trust", "nation", "--public-key", next, "--key-id", "310", "--key-version", "v2");
    const { trustedKeys } = await world.answer<MirrorBody>("mirror", "show", "nation");
    expect(trustedKeys.map(({ keyVersion }) => keyVersion)).toEqual(["v1", "v2"]);
    await good("mirror", "distrust", "nation", "--key-id", "310", "--key-version", "v2");
    expect(await good("mirror", "show", "nation")).toMatch(/310 +v2 +1970-01-01T00:00:00Z +2026-11-24T10:00:00Z/);

    expect(await good("mirror", "change", "nation", "--max-records", "1000")).toMatch(/most keys in an archive +1,000/);
    const former = await world.enks(["mirror", "pass-by", "nation", "x/1-2-00001.zip", "--reason", "lost"]);
    expect(former).toMatchObject({ code: 2, err: expect.stringContaining("enks mirror skip NAME LINE") });
    expect(await good("mirror", "end", "nation", "--until", "+1h")).toMatch(
      /until +2026-11-24T11:00:00Z \(in 60 min\)/,
    );
    expect(await good("mirror", "list")).toMatch(/nation +client +reseal /);
  });
});

describe("enks principal", () => {
  test("shows a token once, and never again", async () => {
    const made = await good("principal", "create", "zoe", "--role", "auditor", "--expires", "+14d");
    const [token = ""] = /enks_\S+/.exec(made) ?? [];
    const asZoe = { environment: { ENKS_SERVER: world.admin.url, ENKS_TOKEN: token } };
    expect(await world.enks(["principal", "show", "zoe"], asZoe)).toMatchObject({ code: 0 });
    expect(await good("principal", "list")).toMatch(/zoe +auditor +active +in 14 days +now/);
    expect(await good("audit", "--all", "--changes")).not.toContain(token);

    expect(await good("principal", "renew", "zoe")).toMatch(/enks_/);
    expect(await world.enks(["principal", "list"], asZoe)).toMatchObject({
      code: 1,
      err: expect.stringContaining("error token_unknown: "),
    });
    expect(await good("principal", "revoke", "zoe")).toMatch(/state +revoked/);
    expect((await world.answer<PrincipalBody>("principal", "show", "zoe")).revokedAt).not.toBeNull();
  });
});

describe("enks exposures", () => {
  test("makes up test keys, and counts them", async () => {
    const words = ["--regions", "XX", "--persons", "5", "--keys-per-person", "2", "--report-type", "confirmed"];
    expect(await good("exposures", "generate", ...words)).toBe("made up: 10 keys of 5 persons\n");
    expect(await good("exposures", "totals")).toMatch(/test keys +10$/m);
    expect(await world.answer<KeyTotalsBody>("exposures", "totals")).toMatchObject({
      total: 10,
      byOrigin: { test: 10 },
    });
  });
});

describe("enks audit", () => {
  test("lists the newest first, with what was changed", async () => {
    await good("location", "change", "client", "--grace", "4d", "--yes");
    const text = await good("audit", "--kind", "location", "--name", "client", "--limit", "1", "--changes");
    expect(text).toMatch(/ada +changeLocation +location client +done/);
    expect(text).toContain("    - graceSeconds: 259200\n    + graceSeconds: 345600\n");
    expect(text).toMatch(/There are older ones: --after \d+, or --all/);
  });

  test("goes on where a list ended, and to the beginning", async () => {
    const all = await world.answer<AuditEntryBody[]>("audit", "--all");
    expect(all.length).toBeGreaterThan(20);
    const older = await world.answer<AuditEntryBody[]>("audit", "--after", String(all[4]?.id), "--limit", "3");
    expect(older).toEqual(all.slice(5, 8));
    expect(await good("audit", "--principal", "nobody")).toBe("none\n");
  });
});

test("a list is read to its end, or as far as it is asked for", async () => {
  for (let count = 0; count < 12; count++) await good("principal", "create", `p${count}`, "--role", "auditor");
  const all = await world.answer<PrincipalBody[]>("principal", "list");
  expect(all.length).toBeGreaterThan(12);
  expect(await world.answer<PrincipalBody[]>("principal", "list", "--limit", "3")).toEqual(all.slice(0, 3));
});
