// Servers on loopback that answer byte by byte as a test says; each is closed after its test.

import { createServer, type Server, type Socket } from "node:net";
import { afterEach } from "vitest";

export type Script = (socket: Socket, requestHead: string) => void;
/** Done after the test, all at once. */
export const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

/** A server that answers each request on a socket as `script` says; answers its base URL. */
export async function serve(script: Script): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("data", (data) => script(socket, data.toString("latin1")));
  });
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

export const answer = (head: string, body: string | Buffer = "") => {
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${head}\r\n\r\n`), Buffer.from(body)]);
};
export const always = (bytes: Buffer) => serve((socket) => socket.write(bytes));
export const redirectTo = (location: string) => answer(`302 Found\r\nLocation: ${location}\r\nContent-Length: 0`);
