// How the database of a configuration is reached.

import { once } from "node:events";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { codeOf } from "../core/coded-error.ts";
import { parseConfig } from "../platform/config/config.ts";
import { openDatabase } from "./open-parts.ts";

/** PostgreSQL's request for TLS: eight bytes, of which the last four are this number. */
const TLS_WANTED = 80_877_103;

/** The number of the first message that a server without TLS gets, and how the opening ends. */
async function firstMessage(settings: { readonly production: boolean; readonly query: string }) {
  const got = Promise.withResolvers<number>();
  const server = createServer((socket) => {
    socket.once("data", (bytes) => {
      got.resolve(Buffer.from(bytes).readUInt32BE(4));
      socket.end("N");
    });
    socket.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { production, query } = settings;
  const url = `postgres://enks:secret@127.0.0.1:${port}/enks${query}`;
  const error = await openDatabase(parseConfig({ production, database: { url } })).catch((thrown: unknown) => thrown);
  return { message: await got.promise, error };
}

test("in production an address that says nothing of encryption is not reached without", async () => {
  const { message, error } = await firstMessage({ production: true, query: "" });
  expect(message).toBe(TLS_WANTED);
  expect(codeOf(error)).toBe("database_unreachable");
  expect(error).toMatchObject({ remedy: expect.stringContaining("sslmode=disable") });
});

test.each([
  { production: true, query: "?sslmode=disable" },
  { production: false, query: "" },
])("it is where that was said, and outside of production: %j", async (settings) => {
  expect((await firstMessage(settings)).message).not.toBe(TLS_WANTED);
});
