// Sources are worked on one by one: two processes share ten, one that hangs keeps no other waiting, and a run that has lost
// its lease is aborted and leaves nothing behind.

import { afterEach, expect, test, vi } from "vitest";
import { jobMigrations } from "../../src/platform/jobs/boss-runner.ts";
import { fenceFetches, fenceRuns } from "../../src/platform/jobs/fence-runs.ts";
import { gateJobs } from "../../src/platform/jobs/gate-jobs.ts";
import { RELIED_ON } from "../../src/platform/time/clock-trust.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { type ImportWorld, makeImportWorld, NOW } from "../support/import-world.ts";
import { start } from "../support/job-runners.ts";
import { PATIENCE } from "../support/patience.ts";
import { sampleKeys } from "../support/sample-archives.ts";

describeOnEachDatabase("import by source", (open) => {
  let world: ImportWorld;
  let release: PromiseWithResolvers<void>;
  afterEach(async () => {
    release.resolve();
    await world.close();
  });

  const jobsOf = () => {
    const database = fenceRuns(world.database, world.clock);
    const { jobs } = world.anotherFeature({ database, fetcher: fenceFetches(world.fetcher) });
    // Each looks again within seconds.
    return gateJobs(jobs, { trust: () => RELIED_ON }).map((job) => ({ ...job, everySeconds: 2 }));
  };

  test("two processes share ten sources, and one that hangs keeps no other waiting", async () => {
    release = Promise.withResolvers();
    world = await makeImportWorld(open, { migrations: [jobMigrations] });
    const body = await world.publish("a.zip", { primaries: sampleKeys(3) });
    const names = Array.from({ length: 9 }, (_, at) => `source-${at}`);
    for (const name of names) {
      const baseUrl = `${world.server.url}/${name}`;
      await world.feature.addSource({
        name,
        region: "XX",
        allowPrivateAddresses: true,
        baseUrl,
        indexUrl: `${baseUrl}/i.txt`,
      });
      await world.feature.addTrustedKey(name, { keyId: "999", keyVersion: "v1", publicKeyPem: world.signer.pem });
      world.server.put(`/${name}/i.txt`, { body: "a.zip" });
      world.server.put(`/${name}/a.zip`, { body });
    }
    world.server.put("/state/index.txt", { after: release.promise });

    await using processes = new AsyncDisposableStack();
    processes.defer(() => release.resolve());
    for (let at = 0; at < 2; at++) processes.use(await start(world.database, jobsOf(), { clock: world.clock }));
    await vi.waitFor(async () => {
      for (const name of names) expect((await world.feature.sourceStatus(name)).archives.complete).toBe(1);
    }, PATIENCE);
    expect(world.server.requests).toContain("/state/index.txt");
  });

  test("a run that has lost its lease fetches no further, and the archive is as if it had not been tried", async () => {
    release = Promise.withResolvers();
    world = await makeImportWorld(open, { migrations: [jobMigrations] });
    world.serve("a.zip", { body: await world.publish("a.zip", { primaries: sampleKeys(3) }), after: release.promise });
    world.list("a.zip");
    await world.feature.discoverArchives(world.source, NOW);
    const job = jobsOf().find(({ name }) => name === "import-archives");
    const ending = new AbortController();
    const asked = world.server.nextRequest("/state/a.zip");
    const run = job?.bySubject?.runFor("state", NOW, ending.signal);
    await asked;
    ending.abort(new Error("the lease is lost"));
    await expect(run).rejects.toThrow("the lease is lost");
    expect((await world.status()).archives).toMatchObject({ leased: 1, retry: 0, quarantined: 0 });

    release.resolve();
    world.clock.advance(3_600);
    await world.run();
    expect((await world.status()).archives).toMatchObject({ complete: 1 });
  });
});
