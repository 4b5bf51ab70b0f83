// Ports for programs that have to be told one; all others let the system choose.

import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Systems choose ports from 32768 on where a program asks for any; a port below stays free until it is used. */
const [LOWEST, HIGHEST] = [15_000, 32_000];

/** A port of this machine that has no listener at this moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    const probe = createServer().listen(port, "127.0.0.1");
    try {
      await once(probe, "listening");
      probe.close();
      await once(probe, "close");
      return port;
    } catch {
      // It is taken; another one may not be.
    }
  }
}
