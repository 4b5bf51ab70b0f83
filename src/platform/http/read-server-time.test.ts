// The time of a server as the fetcher reads it, against servers on loopback.

import { describe, expect, test } from "vitest";
import { always, answer, cleanUps, redirectTo, serve } from "../../../test/support/scripted-server.ts";
import { createFetcher } from "./undici-fetcher.ts";

const timeOf = (url: string, timeoutMilliseconds = 5_000, allowPrivateAddresses = true) => {
  const fetch = createFetcher();
  cleanUps.push(() => fetch.close());
  return fetch.readServerTime({ url, timeoutMilliseconds, allowPrivateAddresses });
};

describe("the time of a server", () => {
  const DATE = "Date: Sat, 21 Nov 2020 23:06:40 GMT";

  test("comes with the headers of whatever it answers, and nothing else is asked for", async () => {
    const heads: string[] = [];
    const url = await serve((socket, head) => {
      heads.push(head);
      socket.write(answer(`404 Not Found\r\n${DATE}\r\nAge: 20\r\nContent-Length: 1000`));
    });
    expect(await timeOf(`${url}/index.txt`)).toBe(1_606_000_020);
    expect(heads).toEqual([expect.stringMatching(/^HEAD \/index\.txt .*cache-control: no-cache/s)]);
  });

  test("is that of the server at which redirects end", async () => {
    const last = await always(answer(`200 OK\r\n${DATE}\r\nContent-Length: 0`));
    const first = await always(redirectTo(`${last}/`));
    expect(await timeOf(first)).toBe(1_606_000_000);
  });

  test("is unknown where it does not say, and waits and goes no further than other requests", async () => {
    expect(await timeOf(await always(answer("200 OK\r\nContent-Length: 0")))).toBeNull();
    await expect(timeOf(await serve(() => undefined), 100)).rejects.toMatchObject({ code: "fetch_timeout" });
    await expect(timeOf("http://127.0.0.1:1/", 5_000, false)).rejects.toMatchObject({ code: "fetch_private_address" });
  });
});
