// Health authorities and their keys through the admin API, on both databases.

import { createPublicKey } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { HOUR, isoTime } from "../../src/core/clock.ts";
import type {
  AuthorityBody,
  AuthorityKeyBody,
  AuthorityPage,
  NewAuthorityBody,
} from "../../src/features/verification/admin-schemas.ts";
import type { RefusalBody } from "../support/admin-client.ts";
import { type AdminWorld, startAdminWorld } from "../support/admin-world.ts";
import { makeAuthority } from "../support/certificates.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeVerificationWorld, NOW, type VerificationWorld } from "../support/verification-world.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

describeOnEachDatabase("the admin API of health authorities", (open) => {
  const authority = makeAuthority("gov.state", "v1");
  const { iss, aud, publicKeyPem } = authority;
  const settings: NewAuthorityBody = { name: "state", iss, aud };

  async function make(): Promise<VerificationWorld & AdminWorld> {
    const verification = await makeVerificationWorld(open);
    opened.push(verification);
    const { database, clock, feature } = verification;
    const admin = await startAdminWorld({ database, clock, routes: feature.routes });
    opened.unshift(admin);
    return { ...verification, ...admin };
  }

  test("an authority is made, given a key, and its certificates are taken at once", async () => {
    const { administrator, auditor, outcomeFor } = await make();
    const made = await administrator.post<AuthorityBody>("/v1/authorities", settings);
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      ...settings,
      jwksUrl: null,
      allowPrivateAddresses: false,
      statsEnabled: true,
      jwksCheckedAt: null,
      jwksSucceededAt: null,
      jwksError: null,
      keys: [],
    });
    expect(await outcomeFor(authority)).toBe("jwt_key_unknown");
    const added = await administrator.post<AuthorityKeyBody>("/v1/authorities/state/keys", {
      version: "v1",
      publicKeyPem,
    });
    expect(added.body).toEqual({
      version: "v1",
      publicKeyPem,
      origin: "manual",
      from: isoTime(NOW),
      until: null,
      untilSetBy: null,
    });
    expect(await outcomeFor(authority)).toBe("taken");
    expect((await auditor.get<AuthorityBody>("/v1/authorities/state")).body.keys).toEqual([added.body]);
  });

  test("a key is revoked and reinstated, each time at once", async () => {
    const { administrator, outcomeFor } = await make();
    await administrator.post("/v1/authorities", settings);
    await administrator.post("/v1/authorities/state/keys", { version: "v1", publicKeyPem });
    const path = "/v1/authorities/state/keys/v1";
    const revoked = await administrator.patch<AuthorityKeyBody>(path, { until: isoTime(NOW) });
    expect(revoked.body).toMatchObject({ until: isoTime(NOW), untilSetBy: "operator" });
    expect(await outcomeFor(authority)).toBe("jwt_key_not_valid");
    expect((await administrator.patch(path, { until: null })).body).toMatchObject({ until: null, untilSetBy: null });
    expect(await outcomeFor(authority)).toBe("taken");
  });

  test("settings are changed one by one, and what is not named stays", async () => {
    const { administrator, outcomeFor } = await make();
    await administrator.post("/v1/authorities", settings);
    await administrator.post("/v1/authorities/state/keys", { version: "v1", publicKeyPem });
    const jwksUrl = "https://state.example/jwks";
    const changed = await administrator.patch<AuthorityBody>("/v1/authorities/state", { jwksUrl, statsEnabled: false });
    expect(changed.body).toMatchObject({ ...settings, jwksUrl, statsEnabled: false });
    expect((await administrator.patch("/v1/authorities/state", { aud: "b" })).body).toMatchObject({
      aud: "b",
      jwksUrl,
    });
    expect(await outcomeFor(authority)).toBe("jwt_audience_wrong");
    expect((await administrator.patch("/v1/authorities/state", { jwksUrl: null })).body).toMatchObject({
      jwksUrl: null,
    });
    expect((await administrator.patch("/v1/authorities/state", {})).body).toMatchObject({ aud: "b", jwksUrl: null });
  });

  test("lists go by pages", async () => {
    const { administrator, auditor } = await make();
    for (const name of ["c", "a", "b"]) await administrator.post("/v1/authorities", { ...settings, name, iss: name });
    const first = await auditor.get<AuthorityPage>("/v1/authorities?limit=2");
    expect(first.body).toMatchObject({ items: [{ name: "a" }, { name: "b" }], next: "b" });
    expect((await auditor.get("/v1/authorities?limit=2&after=b")).body).toMatchObject({
      items: [{ name: "c" }],
      next: null,
    });
  });

  test("another key may follow under the same version, once the first has ended", async () => {
    const { administrator, outcomeFor } = await make();
    const successor = makeAuthority(iss, "v1");
    await administrator.post("/v1/authorities", settings);
    const keys = "/v1/authorities/state/keys";
    const end = isoTime(NOW + HOUR);
    await administrator.post(keys, { version: "v1", publicKeyPem, until: end });
    const next = { version: "v1", publicKeyPem: successor.publicKeyPem };
    const early = await administrator.post<RefusalBody>(keys, next);
    expect(early).toMatchObject({ status: 409, body: { code: "authority_key_exists" } });
    expect((await administrator.post(keys, { ...next, from: end })).status).toBe(201);
    expect(await outcomeFor(authority)).toBe("taken");
    expect(await outcomeFor(successor)).toBe("jwt_signature_invalid");
    await administrator.patch(`${keys}/v1`, { until: isoTime(NOW + 2 * HOUR) });
    const untils = async () =>
      (await administrator.get<AuthorityBody>("/v1/authorities/state")).body.keys.map(({ until }) => until);
    expect(await untils()).toEqual([end, isoTime(NOW + 2 * HOUR)]);
    // Revoked now is revoked now, although it is the second key that has the version last.
    await administrator.patch(`${keys}/v1`, { until: isoTime(NOW) });
    expect(await untils()).toEqual([isoTime(NOW), isoTime(NOW)]);
    expect(await outcomeFor(authority)).toBe("jwt_key_not_valid");
    await administrator.patch(`${keys}/v1`, { until: null });
    expect(await untils()).toEqual([isoTime(NOW), null]);
  });

  test("a key that has ended is opened again by being entered again, however it is written", async () => {
    const { administrator, outcomeFor } = await make();
    await administrator.post("/v1/authorities", settings);
    await administrator.post("/v1/authorities/state/keys", { version: "v1", publicKeyPem });
    await administrator.patch("/v1/authorities/state/keys/v1", { until: isoTime(NOW) });
    const again = { version: "v1", publicKeyPem: compressed(publicKeyPem) };
    expect((await administrator.post("/v1/authorities/state/keys", again)).body).toMatchObject({ publicKeyPem });
    expect((await administrator.get<AuthorityBody>("/v1/authorities/state")).body.keys).toHaveLength(1);
    expect(await outcomeFor(authority)).toBe("taken");
  });

  test.each([
    ["POST", "/v1/authorities", { ...settings }, 409, "authority_exists"],
    ["POST", "/v1/authorities", { ...settings, name: "other" }, 409, "authority_issuer_exists"],
    ["POST", "/v1/authorities", { ...settings, name: "-" }, 400, "request_invalid"],
    ["POST", "/v1/authorities", { name: "other", iss: "o" }, 400, "request_invalid"],
    ["POST", "/v1/authorities", { ...settings, name: "o", iss: "o", jwksUrl: "jwks" }, 400, "authority_invalid"],
    ["POST", "/v1/authorities", { ...settings, name: "o", iss: "o", jwksUrl: "http://o/j" }, 400, "authority_invalid"],
    ["POST", "/v1/authorities", { ...settings, name: "o", iss: "o", jwksUrl: "file:///j" }, 400, "authority_invalid"],
    [
      "POST",
      "/v1/authorities",
      { ...settings, name: "o", iss: "o", jwksUrl: "https://a:b@o" },
      400,
      "authority_invalid",
    ],
    ["PATCH", "/v1/authorities/state", { iss: "gov.second" }, 409, "authority_issuer_exists"],
    ["PATCH", "/v1/authorities/state", { name: "other" }, 400, "request_invalid"],
    ["PATCH", "/v1/authorities/nobody", {}, 404, "authority_unknown"],
    ["POST", "/v1/authorities/nobody/keys", { version: "v1", publicKeyPem }, 404, "authority_unknown"],
    ["POST", "/v1/authorities/state/keys", { version: "v1", publicKeyPem: "PEM" }, 400, "public_key_invalid"],
    ["POST", "/v1/authorities/state/keys", { version: "", publicKeyPem }, 400, "request_invalid"],
    [
      "POST",
      "/v1/authorities/state/keys",
      { version: "v9", publicKeyPem, until: isoTime(NOW) },
      400,
      "authority_key_invalid",
    ],
    ["POST", "/v1/authorities/state/keys", { version: "v1", publicKeyPem }, 409, "authority_key_exists"],
    ["PATCH", "/v1/authorities/state/keys/v9", { until: null }, 404, "authority_key_unknown"],
    ["PATCH", "/v1/authorities/state/keys/v1", {}, 400, "request_invalid"],
    ["PATCH", "/v1/authorities/nobody/keys/v1", { until: null }, 404, "authority_unknown"],
  ] as const)("refused: %s %s %j", async (method, path, body, status, code) => {
    const { administrator } = await make();
    await administrator.post("/v1/authorities", settings);
    await administrator.post("/v1/authorities", { ...settings, name: "second", iss: "gov.second" });
    await administrator.post("/v1/authorities/state/keys", { version: "v1", publicKeyPem });
    const isPost = method === "POST";
    const answer = await (isPost ? administrator.post(path, body) : administrator.patch(path, body));
    expect(answer).toMatchObject({ status, body: { code } });
  });

  test("who is no administrator may look and not change", async () => {
    const { administrator, operator } = await make();
    await administrator.post("/v1/authorities", settings);
    expect(await operator.patch("/v1/authorities/state", { aud: "b" })).toMatchObject({ status: 403 });
    expect(await operator.post("/v1/authorities/state/keys", { version: "v1", publicKeyPem })).toMatchObject({
      status: 403,
    });
    expect((await operator.get("/v1/authorities/state")).status).toBe(200);
    expect(await operator.get("/v1/authorities/nobody")).toMatchObject({ status: 404 });
  });

  test("two administrators at once cannot give one issuer to two authorities", async () => {
    const { administrator } = await make();
    const made = await Promise.all(
      ["a", "b", "c", "d"].map((name) => administrator.post("/v1/authorities", { ...settings, name })),
    );
    expect(made.map(({ status }) => status).sort((left, right) => left - right)).toEqual([201, 409, 409, 409]);
  });

  test("the audit log has the keys before and after", async () => {
    const { administrator, auditor } = await make();
    await administrator.post("/v1/authorities", settings);
    await administrator.post("/v1/authorities/state/keys", { version: "v1", publicKeyPem });
    const { body } = await auditor.get<{ items: unknown[] }>("/v1/audit?kind=authority&name=state&limit=1");
    expect(body.items).toMatchObject([
      { operation: "addAuthorityKey", before: { keys: [] }, after: { keys: [{ version: "v1", publicKeyPem }] } },
    ]);
  });
});

/** The same key with its point in the short form. */
function compressed(pem: string): string {
  const der = createPublicKey(pem).export({ type: "spki", format: "der" });
  const [x, last = 0] = [der.subarray(-64, -32), der.at(-1)];
  const prefix = Buffer.from("3039301306072a8648ce3d020106082a8648ce3d030107032200", "hex");
  const short = Buffer.concat([prefix, Buffer.of(2 + (last & 1)), x]);
  return `-----BEGIN PUBLIC KEY-----\n${short.toString("base64")}\n-----END PUBLIC KEY-----\n`;
}
