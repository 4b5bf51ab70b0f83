// What all answers of the publish API have in common, and what is counted of uploads.

import { expect, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import {
  contentOf,
  countRows,
  keysOf,
  MIDNIGHT,
  makePublishWorld,
  NO_ROWS,
  NOW,
  type ProcessChanges,
  type PublishWorld,
} from "../support/publish-world.ts";

describeOnEachDatabase("the publish API", (open) => {
  const make = (changes: ProcessChanges = {}) => makePublishWorld(open, changes);

  test("answers are padded, successes and failures alike, by random lengths", async () => {
    const { upload, post } = await make();
    const lengths: number[] = [];
    for (let count = 0; count < 60; count++) {
      const answers = [await upload(keysOf(1)), await post("no request")];
      for (const { body } of answers) lengths.push(Buffer.from(body.padding ?? "", "base64").length);
    }
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1_024);
    expect(Math.max(...lengths)).toBeLessThan(2_048);
    expect(new Set(lengths).size).toBeGreaterThan(60);
    const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(average).toBeGreaterThan(1_400);
    expect(average).toBeLessThan(1_680);
  });

  test("maintenance refuses uploads, chaff and statistics alike, and says when to come again", async () => {
    const world = await make();
    const { post } = world.anotherProcess({ settings: { isInMaintenance: true } });
    const answers = [
      await post(contentOf(keysOf())),
      await post("", { "x-chaff": "1" }),
      await post({}, {}, { path: "/v1/stats" }),
    ];
    for (const { status, headers, body } of answers) {
      expect({ status, code: body.code }).toEqual({ status: 429, code: "maintenance_mode" });
      expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    }
    expect(await countRows(world.database)).toEqual(NO_ROWS);
  });

  test("one client's flood is held up, chaff included, and no other client's uploads", async () => {
    const world = await make({ settings: { requestsPerMinute: 3 } });
    const from = (clientAddress: string, headers = {}) =>
      world.post(contentOf(keysOf()), headers, { clientAddress }).then(({ status }) => status);
    expect([await from("::1"), await from("::2", { "x-chaff": "1" }), await from("::1"), await from("::1")]).toEqual([
      401, 200, 401, 429,
    ]);
    expect(await from("192.0.2.7")).toBe(401);
    world.clock.advance(20);
    expect([await from("::1"), await from("::1")]).toEqual([401, 429]);
  });

  test("chaff touches nothing, and looks like the answers that uploads got", async () => {
    const world = await make();
    const headers = { "x-chaff": "1" };
    const sizes = new Set<number>();
    for (let count = 0; count < 20; count++) sizes.add((await world.upload(keysOf(1))).text.length);
    const before = await countRows(world.database);
    for (let count = 0; count < 50; count++) {
      const chaff = await world.post(contentOf(keysOf()), headers);
      const real = { status: 200, headers: { "content-type": "application/json", "x-api-version": "v1" } };
      expect(chaff).toMatchObject(real);
      expect(sizes).toContain(chaff.text.length);
    }
    expect(await countRows(world.database)).toEqual(before);
  });

  test("counts an upload with its keys, by platform, and never when it is refused or changes nothing (KS P4)", async () => {
    const world = await make();
    const twice = keysOf();
    for (let count = 0; count < 9; count++) await world.upload(keysOf());
    const onset = { symptomOnsetInterval: MIDNIGHT - 2 * 144 };
    await world.upload(twice, { headers: { "user-agent": "App iPhone" }, members: onset });
    await world.upload(twice);
    await world.upload(keysOf(), { claims: { reportType: "negative" } });
    await world.upload(keysOf(), { claims: { exp: 1 } });
    await world.addApp({ name: "org.free", bypassCertificate: true });
    world.clock.advance(HOUR);
    await world.post(contentOf(keysOf(), { healthAuthorityID: "org.free", hmacKey: "" }));
    const { days: shown } = await statsOf(world);
    expect(shown).toMatchObject([
      {
        day: "2026-11-24T00:00:00Z",
        publish_requests: { unknown: 0, android: 9, ios: 1 },
        total_teks_published: 30,
        requests_with_revisions: 0,
        requests_missing_onset_date: 9,
      },
    ]);
    expect(shown?.[0]?.tek_age_distribution.slice(0, 5)).toEqual([0, 0, 0, 10, 0]);
    expect(shown?.[0]?.onset_to_upload_distribution.slice(0, 4)).toEqual([0, 0, 1, 0]);
  });

  test("takes no more uploads under a certificate than the setting says", async () => {
    const world = await make({ certificateMaxUses: 2 });
    const request = keysOf();
    const same = { members: { verificationPayload: world.authority.certify(request, NOW) } };
    const answers = [];
    for (let count = 0; count < 3; count++) answers.push(await world.upload(request, same));
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [200, undefined],
      [200, undefined],
      [401, "health_authority_verification_certificate_invalid"],
    ]);
    world.clock.advance(1);
    expect(await world.upload(request)).toMatchObject({ status: 200 });
  });
});

interface ShownDay {
  readonly tek_age_distribution: readonly number[];
  readonly onset_to_upload_distribution: readonly number[];
}

async function statsOf(world: PublishWorld): Promise<{ days?: readonly ShownDay[] }> {
  const now = world.clock.now();
  const token = world.authority.signJwt({ iss: world.authority.iss, aud: "keyserver", iat: now, exp: now + 60 });
  const answer = await world.post({}, { authorization: `Bearer ${token}` }, { path: "/v1/stats" });
  return JSON.parse(answer.text) as { days?: readonly ShownDay[] };
}
