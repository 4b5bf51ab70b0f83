// A way to a PostgreSQL server that can be cut, and on which nothing moves any more.

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface PostgresWay {
  /** Of the server, by this way. */
  readonly url: string;
  /** Breaks what is connected, and refuses what comes. */
  cut(): void;
  /** Takes what comes, and neither hands on nor answers anything. */
  stall(): void;
  /** Lets everything through again. */
  mend(): void;
  close(): void;
}

export async function startWay(to: URL): Promise<PostgresWay> {
  const open = new Set<Socket>();
  let state: "through" | "cut" | "stalled" = "through";
  const server = createServer((near) => {
    if (state === "cut") return near.destroy();
    const far = connect(Number(to.port || 5_432), to.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      if (state === "through") one.pipe(other);
      one
        .on("error", () => other.destroy())
        .on("close", () => {
          open.delete(one);
          other.destroy();
        });
    }
    return undefined;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = new URL(to);
  url.hostname = "127.0.0.1";
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.href,
    cut() {
      state = "cut";
      breakAll();
    },
    stall() {
      state = "stalled";
      for (const socket of open) socket.unpipe().pause();
    },
    mend() {
      // What got stuck stays so, as behind a router that has lost its tables.
      state = "through";
    },
    close() {
      state = "cut";
      breakAll();
      server.close();
    },
  };
}
