// Signing keys through the admin API: made, listed and shown, never their private halves.

import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { isoTime } from "../../src/core/clock.ts";
import type { SigningKeyBody, SigningKeyPage } from "../../src/features/signing-keys/admin-schemas.ts";
import { createMemorySigningKeys } from "../../src/platform/keys/memory-signing-keys.ts";
import { signingKeyError } from "../../src/platform/keys/p256-private-key.ts";
import { apiWorlds } from "../support/api-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { START } from "../support/location-world.ts";

describeOnEachDatabase("the API of signing keys", (open) => {
  const make = apiWorlds(open);

  test("makes one, whose public half is shown and whose private half is not", async () => {
    const world = await make();
    const { status, body } = await world.administrator.post<SigningKeyBody>("/v1/signing-keys", { name: "seal-2" });
    expect(status).toBe(201);
    expect(body).toEqual({
      name: "seal-2",
      algorithm: "ECDSA-P256-SHA256",
      publicKeyPem: await world.signingKeys.publicKeyPem("seal-2"),
      problem: null,
      usedBy: [],
    });
    const shown = await world.auditor.get("/v1/signing-keys/seal-2");
    expect(shown.body).toEqual(body);
    const audit = await world.auditor.get("/v1/audit?kind=signing-key");
    expect(audit.body).toMatchObject({ items: [{ name: "seal-2", before: null, after: body }] });
    for (const answer of [body, shown.body, audit.body]) expect(JSON.stringify(answer)).not.toContain("PRIVATE");
  });

  test("keeps one of another program, and shows its private half to nobody", async () => {
    const world = await make();
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const privateKeyPem = privateKey.export({ type: "pkcs8", format: "pem" });
    const imported = { name: "theirs", privateKeyPem };
    const { status, body } = await world.administrator.post<SigningKeyBody>("/v1/signing-key-imports", imported);
    expect([status, body.publicKeyPem]).toEqual([201, publicKey.export({ type: "spki", format: "pem" })]);
    const audit = await world.auditor.get("/v1/audit?kind=signing-key");
    for (const answer of [body, audit.body]) expect(JSON.stringify(answer)).not.toContain("PRIVATE");
    expect(await world.administrator.post("/v1/signing-key-imports", imported)).toMatchObject({ status: 409 });
    const damaged = { name: "other", privateKeyPem: privateKeyPem.replace("A", "") };
    const refused = await world.administrator.post("/v1/signing-key-imports", damaged);
    expect(refused).toMatchObject({ status: 409, body: { code: "signing_key_unusable" } });
    expect(JSON.stringify(refused.body)).not.toContain("PRIVATE");
    expect(await world.operator.post("/v1/signing-key-imports", imported)).toMatchObject({ status: 403 });
  });

  test("shows where each is used, also in the past", async () => {
    const world = await make();
    await world.signingKeys.create("next");
    const seal = { signingKey: "next", keyId: "262", keyVersion: "v2", from: isoTime(START) };
    await world.administrator.post("/v1/locations/client/seals", seal);
    const { body } = await world.auditor.get<SigningKeyPage>("/v1/signing-keys");
    expect(body.items.map(({ name, usedBy }) => [name, usedBy])).toEqual([
      ["next", [{ location: "client", keyId: "262", keyVersion: "v2", from: isoTime(START), until: null }]],
      ["seal", [{ location: "client", keyId: "262", keyVersion: "v1", from: isoTime(0), until: isoTime(START) }]],
    ]);
  });

  test("lists them in pages", async () => {
    const world = await make();
    for (const name of ["b", "a"]) await world.signingKeys.create(name);
    const first = await world.auditor.get<SigningKeyPage>("/v1/signing-keys?limit=2");
    const rest = await world.auditor.get<SigningKeyPage>(`/v1/signing-keys?limit=2&after=${first.body.next}`);
    expect([first, rest].map(({ body }) => body.items.map(({ name }) => name))).toEqual([["a", "b"], ["seal"]]);
    expect(rest.body.next).toBeNull();
  });

  test("shows one that cannot be used as such, instead of failing", async () => {
    const keys = createMemorySigningKeys();
    await keys.create("seal");
    let isDamaged = false;
    const publicKeyPem = async (name: string) => {
      if (isDamaged) throw signingKeyError("signing_key_unusable", name, "is damaged");
      return keys.publicKeyPem(name);
    };
    const world = await make({ signingKeys: { ...keys, publicKeyPem } });
    isDamaged = true;
    const damaged = { name: "seal", publicKeyPem: null, problem: "signing_key_unusable" };
    expect((await world.auditor.get("/v1/signing-keys/seal")).body).toMatchObject(damaged);
    expect((await world.auditor.get("/v1/signing-keys")).body).toMatchObject({ items: [damaged] });
  });

  test.each([
    ["seal", 409, "signing_key_exists"],
    ["../seal", 400, "signing_key_name_invalid"],
    [".seal", 400, "signing_key_name_invalid"],
  ])("does not make %j", async (name, status, code) => {
    const world = await make();
    const before = await world.signingKeys.publicKeyPem("seal");
    expect(await world.administrator.post("/v1/signing-keys", { name })).toMatchObject({ status, body: { code } });
    expect(await world.signingKeys.publicKeyPem("seal")).toBe(before);
  });

  test("knows none of another name, and lets no operator make one", async () => {
    const world = await make();
    for (const name of ["other", ".seal", "%2e%2e%2fseal"]) {
      const { status, body } = await world.auditor.get(`/v1/signing-keys/${name}`);
      expect([status, body]).toMatchObject([404, { code: "signing_key_unknown" }]);
    }
    const refused = await world.operator.post("/v1/signing-keys", { name: "mine" });
    expect(refused).toMatchObject({ status: 403, body: { code: "role_insufficient" } });
    expect(await world.signingKeys.list()).toEqual(["seal"]);
  });
});
