// Where another program rewrites an index that is ours: it is shown, and ours is written again on an operator's word.

import { expect, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import type { IndexDifferenceBody, LocationBody } from "../../src/features/locations/admin-schemas.ts";
import { apiWorlds } from "../support/api-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { contentsOf, makeKeys, makeSupply, putForeign, START } from "../support/location-world.ts";

const INDEX = "client/index.txt";
const PATH = "/v1/locations/client";

describeOnEachDatabase("an index that another program rewrote", (open) => {
  const make = apiWorlds(open);

  /** Two archives of ours; then a line of ours is gone, and one of others stands behind. */
  async function makeRewritten() {
    const world = await make();
    for (const [at, from] of [0, 5].entries()) {
      const now = START + (at + 1) * HOUR;
      await world.feature.append("client", makeSupply({ primaries: makeKeys(from, 5) }, now), now, async () => {});
    }
    await world.feature.publish("client", START + 2 * HOUR);
    const ours = new TextDecoder().decode((await world.blobs.get(INDEX))?.bytes);
    await putForeign(world.blobs, INDEX, `${ours.split("\n")[1]}\nforeign.zip`);
    return { world, ours: ours.split("\n") };
  }

  test("is broken in the status, and the difference is shown", async () => {
    const { world, ours } = await makeRewritten();
    await expect(world.feature.publish("client", START + 3 * HOUR)).rejects.toMatchObject({
      code: "location_fence_broken",
    });
    const { body } = await world.auditor.get<LocationBody>(PATH);
    expect(body).toMatchObject({ fence: "broken", lastFailure: { code: "location_fence_broken" } });
    const shown = await world.auditor.get<IndexDifferenceBody>(`${PATH}/index-difference`);
    expect(shown.body).toMatchObject({ ours, foreign: ["foreign.zip"], missing: [ours[0]], sameOrder: true });
  });

  test("is replaced by ours with a reason that the audit log keeps, and publishing goes on", async () => {
    const { world, ours } = await makeRewritten();
    const { body } = await world.auditor.get<IndexDifferenceBody>(`${PATH}/index-difference`);
    const restoration = { version: body.version, reason: "the old server was started again" };
    const { status } = await world.operator.post(`${PATH}/index-restorations`, restoration);
    expect(status).toBe(200);
    expect(new TextDecoder().decode((await world.blobs.get(INDEX))?.bytes).split("\n")).toEqual(ours);
    await world.feature.publish("client", START + 3 * HOUR);
    expect((await world.auditor.get<LocationBody>(PATH)).body).toMatchObject({ fence: "intact", lastFailure: null });
    const audit = await world.auditor.get("/v1/audit?kind=location");
    expect(JSON.stringify(audit.body)).toContain("the old server was started again");
    expect(JSON.stringify(audit.body)).toContain("foreign.zip");
  });

  test("is not replaced where it is another one by now, where an archive is missing, or by an auditor", async () => {
    const { world, ours } = await makeRewritten();
    const { body } = await world.auditor.get<IndexDifferenceBody>(`${PATH}/index-difference`);
    await world.blobs.delete(`client/${ours[0]}`);
    const before = await contentsOf(world.blobs);
    const refusals = [
      await world.operator.post(`${PATH}/index-restorations`, { version: "another", reason: "x" }),
      await world.operator.post(`${PATH}/index-restorations`, { version: body.version, reason: "x" }),
      await world.auditor.post(`${PATH}/index-restorations`, { version: body.version, reason: "x" }),
    ];
    expect(refusals.map((answer) => [answer.status, answer.body])).toMatchObject([
      [409, { code: "location_index_changed" }],
      [409, { code: "location_archive_missing" }],
      [403, {}],
    ]);
    expect(await contentsOf(world.blobs)).toEqual(before);
  });
});
