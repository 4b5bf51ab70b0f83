// A disk that fills under a real server, with its embedded database and its objects on it.

import { expect, test, vi } from "vitest";
import { openEmbeddedDatabase } from "../../src/platform/database/embedded/open-embedded-database.ts";
import { makeLiveServer } from "../support/live-server.ts";
import { PATIENCE } from "../support/patience.ts";
import { mountSmallDisk } from "../support/small-disk.ts";

const MEGABYTES = 200;
const FULL = ["blob_storage_full", "database_full"];

using probe = mountSmallDisk(1);

test.skipIf(probe === null)(
  "the embedded database ends where its log has no room, says so, and is there again with everything when it has",
  async () => {
    using disk = mountSmallDisk(120);
    if (disk === null) throw new Error("a second disk cannot be mounted");
    const database = await openEmbeddedDatabase({ folder: `${disk.folder}/database` });
    await using stack = new AsyncDisposableStack();
    stack.defer(() => database.close());
    await database.execute("create table written (number integer)", []);
    disk.fill(1_024 ** 2);
    const write = () => database.execute("insert into written values (1)", []);
    await write();

    // Only the log grows; PostgreSQL ends itself when it cannot begin the log's next file.
    const growLog = () =>
      database.execute("select pg_logical_emit_message(false, 'test', repeat('x', 1000000))::text", []);
    const grown = (async () => {
      for (let megabyte = 0; megabyte < 64; megabyte++) await growLog();
    })();
    await expect(grown).rejects.toMatchObject({ code: "database_full", cause: { severity: "PANIC" } });
    await expect(write()).rejects.toMatchObject({ code: "database_full", remedy: expect.any(String) });

    disk.makeRoom();
    await vi.waitFor(write, PATIENCE);
    expect(await database.execute("select number from written", [])).toEqual([{ number: 1 }, { number: 1 }]);
  },
);

test.skipIf(probe === null)(
  "each change is refused with a code, nothing is lost, and it goes on by itself when there is room",
  async () => {
    using disk = mountSmallDisk(MEGABYTES);
    if (disk === null) throw new Error("a second disk cannot be mounted");
    await using server = await makeLiveServer({ place: `${disk.folder}/state` });
    await server.start();
    await server.generate(3);
    await server.everythingIsPublished();

    disk.fill();
    await vi.waitFor(async () => expect(await server.unready()).toContain("blob_storage_full"), PATIENCE);
    // What the files of the database have left takes some more; then it is refused, and so is what comes after it.
    const refused = await vi.waitFor(async () => {
      const answer = await server.ask("/v1/exposures/generation", { regions: ["XX"], persons: 500 });
      if (answer.status === 202 || answer.status === 200) server.expectKeys(Number(answer.body["keys"]));
      expect(answer.status).toBe(503);
      return answer;
    }, PATIENCE);
    expect(refused.body).toMatchObject({ code: "database_full", remedy: expect.stringContaining("Make room") });
    await vi.waitFor(() => {
      const codes = new Set(server.process().lines.map(({ code }) => code));
      expect(FULL.some((code) => codes.has(code))).toBe(true);
    }, PATIENCE);
    await server.kill();
    await expect(server.start()).rejects.toThrow(/error (database_full|folder_unusable|blob_storage_full): .*\n.*room/);

    disk.makeRoom();
    await server.startLater(20);
    await server.everythingIsPublished();

    disk.fill();
    await vi.waitFor(async () => expect(await server.unready()).toContain("blob_storage_full"), PATIENCE);
    await vi.waitFor(
      async () =>
        expect((await server.ask("/v1/exposures/generation", { regions: ["XX"], persons: 500 })).status).toBe(503),
      PATIENCE,
    );
    disk.makeRoom();
    await vi.waitFor(async () => expect(await server.unready()).toEqual([]), PATIENCE);
    await server.generate(3);
    await server.everythingIsPublished();
  },
);
