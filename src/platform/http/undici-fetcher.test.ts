// The fetcher against real servers on loopback, most of which misbehave.

import type { Socket } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { always, answer, cleanUps, redirectTo, type Script, serve } from "../../../test/support/scripted-server.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { FetchRequest } from "./fetcher.ts";
import { createFetcher, type FetcherOptions } from "./undici-fetcher.ts";

function fetchFrom(url: string, request: Partial<FetchRequest> = {}, options: FetcherOptions = {}) {
  const fetch = createFetcher(options);
  cleanUps.push(() => fetch.close());
  return fetch({ url, maxBytes: 1_000, timeoutMilliseconds: 60_000, allowPrivateAddresses: true, ...request });
}

const encoded = (name: string, body: Buffer) => {
  return always(answer(`200 OK\r\nContent-Encoding: ${name}\r\nContent-Length: ${body.length}`, body));
};
const textOf = (result: Awaited<ReturnType<typeof fetchFrom>>) => {
  return result.outcome === "ok" ? Buffer.from(result.bytes).toString() : result.outcome;
};

describe("answers", () => {
  test("a body comes with what is needed to ask again", async () => {
    const head =
      '200 OK\r\nContent-Type: text/plain\r\nETag: "v1"\r\nLast-Modified: Sat, 21 Nov 2020 23:06:40 GMT\r\nContent-Length: 5';
    expect(await fetchFrom(await always(answer(head, "lines")))).toEqual({
      outcome: "ok",
      bytes: new TextEncoder().encode("lines"),
      contentType: "text/plain",
      etag: '"v1"',
      lastModified: "Sat, 21 Nov 2020 23:06:40 GMT",
    });
  });

  test("a conditional request that finds nothing new is not modified", async () => {
    const heads: string[] = [];
    const url = await serve((socket, head) => {
      heads.push(head.toLowerCase());
      socket.write(answer("304 Not Modified"));
    });
    const lastModified = "Sat, 21 Nov 2020 23:06:40 GMT";
    expect(await fetchFrom(url, { etag: '"v1"', lastModified })).toEqual({ outcome: "not_modified" });
    expect(heads[0]).toContain('if-none-match: "v1"\r\n');
    expect(heads[0]).toContain(`if-modified-since: ${lastModified.toLowerCase()}\r\n`);
    expect(heads[0]).toContain("accept-encoding: identity\r\n");
  });

  test("a 304 that nobody asked for is a status like others", async () => {
    expect(await fetchFrom(await always(answer("304 Not Modified")))).toEqual({ outcome: "status", status: 304 });
  });

  test.each([204, 206, 300, 404, 500, 503])("status %i is a result", async (status) => {
    const url = await always(answer(`${status} Whatever\r\nContent-Length: 0`));
    expect(await fetchFrom(url)).toEqual({ outcome: "status", status });
  });

  test("the endless body of an error is not read", async () => {
    const url = await serve((socket) => {
      socket.write(answer("404 Not Found"));
      const pump = () => socket.writable && socket.write("x".repeat(10_000)) && setImmediate(pump);
      pump();
      socket.on("drain", pump);
    });
    expect(await fetchFrom(url)).toEqual({ outcome: "status", status: 404 });
  });

  test("bodies in chunks and bodies that end with the connection are read whole", async () => {
    const chunked = await always(answer("200 OK\r\nTransfer-Encoding: chunked", "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"));
    expect(textOf(await fetchFrom(chunked))).toBe("abc");
    const text = "0123456789abcdef".repeat(1_024);
    const piece = `4000\r\n${text}\r\n`;
    const long = await always(answer("200 OK\r\nTransfer-Encoding: chunked", `${piece}${piece}${piece}0\r\n\r\n`));
    expect(textOf(await fetchFrom(long, { maxBytes: 50_000 }))).toBe(text.repeat(3));
    const closing = await serve((socket) => socket.end(answer("200 OK\r\nConnection: close", "abc")));
    expect(textOf(await fetchFrom(closing))).toBe("abc");
  });
});

describe("time", () => {
  const timeoutMilliseconds = 150;
  const hangs: Record<string, Script> = {
    "before any header": () => undefined,
    "inside the headers": (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-"),
    "inside the body": (socket) => socket.write(answer("200 OK\r\nContent-Length: 5", "li")),
    "while it trickles headers": (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const timer = setInterval(() => socket.write("X-Slow: 1\r\n"), 20);
      socket.on("close", () => clearInterval(timer));
    },
    "while it trickles a body": (socket) => {
      socket.write(answer("200 OK\r\nContent-Length: 900"));
      const timer = setInterval(() => socket.write("x"), 20);
      socket.on("close", () => clearInterval(timer));
    },
  };
  test.each(Object.keys(hangs))("a server that hangs %s times out", async (where) => {
    const url = await serve(hangs[where] ?? (() => undefined));
    await expect(fetchFrom(url, { timeoutMilliseconds })).rejects.toMatchObject({ code: "fetch_timeout" });
  });

  test.each(Object.keys(hangs))(
    "a server that hangs %s is left once the signal is aborted, for its reason",
    async (where) => {
      const ending = new AbortController();
      const url = await serve((socket, head) => {
        (hangs[where] ?? (() => undefined))(socket, head);
        setImmediate(() => ending.abort(new CodedError("job_lease_lost", "it took too long")));
      });
      const fetched = fetchFrom(url, { signal: ending.signal });
      await expect(fetched).rejects.toMatchObject({ code: "job_lease_lost" });
      await expect(fetchFrom(url, { signal: ending.signal })).rejects.toMatchObject({ code: "job_lease_lost" });
    },
  );

  test("a name that never resolves times out", async () => {
    const options = { resolve: () => new Promise<never>(() => undefined) };
    const fetched = fetchFrom("http://never.example/", { timeoutMilliseconds }, options);
    await expect(fetched).rejects.toMatchObject({ code: "fetch_timeout" });
  });

  test("the limit is for all redirects together", async () => {
    const url = await serve((socket) => {
      setTimeout(() => socket.write(answer("302 Found\r\nLocation: /next\r\nContent-Length: 0")), 60);
    });
    await expect(fetchFrom(url, { timeoutMilliseconds })).rejects.toMatchObject({ code: "fetch_timeout" });
  });
});

describe("size", () => {
  test("exactly the limit is allowed, one byte more is not", async () => {
    const url = await always(answer("200 OK\r\nContent-Length: 5", "lines"));
    expect(textOf(await fetchFrom(url, { maxBytes: 5 }))).toBe("lines");
    await expect(fetchFrom(url, { maxBytes: 4 })).rejects.toMatchObject({ code: "fetch_too_large" });
  });

  test("an endless body ends at the limit", async () => {
    let connections = 0;
    const url = await serve((socket) => {
      connections++;
      socket.write(answer("200 OK\r\nTransfer-Encoding: chunked"));
      const pump = () => socket.writable && socket.write(`3e8\r\n${"x".repeat(1_000)}\r\n`) && setImmediate(pump);
      pump();
      socket.on("drain", pump);
    });
    await expect(fetchFrom(url, { maxBytes: 50_000 })).rejects.toMatchObject({ code: "fetch_too_large" });
    expect(connections).toBe(1);
  });

  test("a huge header is refused", async () => {
    const url = await always(answer(`200 OK\r\nX-Huge: ${"x".repeat(200_000)}\r\nContent-Length: 0`));
    await expect(fetchFrom(url)).rejects.toMatchObject({ code: "fetch_too_large" });
  });

  test("an encoding that was not asked for is undone, and the limit holds for the result", async () => {
    const small = gzipSync("lines");
    const bomb = gzipSync(Buffer.alloc(500_000));
    expect(bomb.length).toBeLessThan(1_000);
    expect(textOf(await fetchFrom(await encoded("gzip", small)))).toBe("lines");
    expect(textOf(await fetchFrom(await encoded("br", brotliCompressSync("lines"))))).toBe("lines");
    await expect(fetchFrom(await encoded("gzip", bomb))).rejects.toMatchObject({ code: "fetch_too_large" });
    const half = small.subarray(0, 15);
    await expect(fetchFrom(await encoded("gzip", half))).rejects.toMatchObject({ code: "fetch_failed" });
    await expect(fetchFrom(await encoded("constructor", small))).rejects.toMatchObject({ code: "fetch_failed" });
  });
});

describe("broken exchanges", () => {
  test.each([
    ["shorter than its length", answer("200 OK\r\nContent-Length: 500", "lines")],
    ["cut inside a chunk", answer("200 OK\r\nTransfer-Encoding: chunked", "5\r\nli")],
    ["without its last chunk", answer("200 OK\r\nTransfer-Encoding: chunked", "5\r\nlines\r\n")],
    ["with chunks that are none", answer("200 OK\r\nTransfer-Encoding: chunked", "zz\r\nlines\r\n")],
  ])("a body %s is cut short", async (_what, bytes) => {
    const url = await serve((socket) => socket.end(bytes));
    await expect(fetchFrom(url)).rejects.toMatchObject({ code: "fetch_cut_short" });
  });

  test("what is not HTTP, a closed connection and a closed port have failed", async () => {
    const failed = { code: "fetch_failed" };
    await expect(fetchFrom(await serve((socket) => socket.end("220 mail ready\r\n")))).rejects.toMatchObject(failed);
    await expect(fetchFrom(await serve((socket) => socket.destroy()))).rejects.toMatchObject(failed);
    await expect(fetchFrom("http://127.0.0.1:1/")).rejects.toMatchObject(failed);
  });

  test("a body under two contradicting lengths is not taken", async () => {
    const url = await always(answer("200 OK\r\nContent-Length: 5\r\nContent-Length: 3", "lines"));
    await expect(fetchFrom(url)).rejects.toMatchObject({ code: "fetch_cut_short" });
  });

  test("a name that does not resolve has failed", async () => {
    const fails = fetchFrom("http://none.example/", {}, { resolve: () => Promise.reject(new Error("ENOTFOUND")) });
    await expect(fails).rejects.toMatchObject({ code: "fetch_failed" });
    const nothing = fetchFrom("http://none.example/", {}, { resolve: () => Promise.resolve([]) });
    await expect(nothing).rejects.toMatchObject({ code: "fetch_failed" });
  });
});

describe("redirects", () => {
  test("up to five are followed, relative ones too", async () => {
    const url = await serve((socket, head) => {
      const step = Number(/^GET \/(\d)/.exec(head)?.[1] ?? 0);
      socket.write(step < 5 ? redirectTo(`/${step + 1}`) : answer("200 OK\r\nContent-Length: 3", "end"));
    });
    expect(textOf(await fetchFrom(`${url}/0`))).toBe("end");
  });

  test("a loop ends after five", async () => {
    let requests = 0;
    const url = await serve((socket) => {
      requests++;
      socket.write(redirectTo("/again"));
    });
    await expect(fetchFrom(url)).rejects.toMatchObject({ code: "fetch_too_many_redirects" });
    expect(requests).toBe(6);
  });

  test("a redirect without a target is a status", async () => {
    const url = await always(answer("302 Found\r\nContent-Length: 0"));
    expect(await fetchFrom(url)).toEqual({ outcome: "status", status: 302 });
  });

  test.each(["ftp://example.org/", "file:///etc/passwd", "http://user:secret@example.org/", "http://"])(
    "a redirect to %s is refused",
    async (location) => {
      const url = await always(redirectTo(location));
      await expect(fetchFrom(url)).rejects.toMatchObject({ code: "fetch_url_invalid" });
    },
  );
});

const resolveMetadata = async () => [{ address: "169.254.169.254", family: 4 }];

describe("private addresses", () => {
  const publicOnly = { allowPrivateAddresses: false };
  const refused = { code: "fetch_private_address" };

  test.each([
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://[::1]/",
    "http://[::ffff:7f00:1]/",
    "http://0/",
  ])("%s is refused", async (url) => {
    await expect(fetchFrom(url, publicOnly)).rejects.toMatchObject(refused);
  });

  const forbidden = { code: "fetch_forbidden_address" };

  test.each([
    "http://[::ffff:169.254.169.254]/",
    "http://169.254.169.254/latest/meta-data",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
  ])("%s is refused whatever is allowed, as a redirect too", async (url) => {
    for (const settings of [publicOnly, {}]) await expect(fetchFrom(url, settings)).rejects.toMatchObject(forbidden);
    const redirecting = await always(answer(`302 Found\r\nLocation: ${url}\r\nContent-Length: 0`, ""));
    await expect(fetchFrom(redirecting)).rejects.toMatchObject(forbidden);
  });

  test("a name with an address that nothing allows is refused whatever is allowed", async () => {
    await expect(fetchFrom("http://harmless.example/", {}, { resolve: resolveMetadata })).rejects.toMatchObject(
      forbidden,
    );
  });

  test("localhost is refused by the system's own resolution, and allowed where it may be", async () => {
    const url = (await always(answer("200 OK\r\nContent-Length: 2", "ok"))).replace("127.0.0.1", "localhost");
    await expect(fetchFrom(url, publicOnly)).rejects.toMatchObject(refused);
    expect(textOf(await fetchFrom(url))).toBe("ok");
  });

  test("a public name with a private address is refused, also when only one of its addresses is", async () => {
    const connections: Socket[] = [];
    const url = new URL(await serve((socket) => void connections.push(socket)));
    url.hostname = "harmless.example";
    const [loopback, open] = ["127.0.0.1", "8.8.8.8"].map((address) => ({ address, family: 4 }));
    for (const addresses of [[loopback], [open, loopback], [loopback, open]]) {
      const resolve = async () => addresses.filter((address) => address !== undefined);
      await expect(fetchFrom(url.href, publicOnly, { resolve })).rejects.toMatchObject(refused);
    }
    expect(connections).toHaveLength(0);
  });

  test("the address that was checked is the one connected to: a name is resolved once for a connection", async () => {
    const url = new URL(await always(answer("200 OK\r\nContent-Length: 2", "ok")));
    url.hostname = "state.example";
    let resolutions = 0;
    const resolve = async () => {
      resolutions++;
      return [{ address: "127.0.0.1", family: 4 }];
    };
    expect(textOf(await fetchFrom(url.href, {}, { resolve }))).toBe("ok");
    expect(resolutions).toBe(1);
  });

  test("a connection that was allowed to be private is not used for a request that may not", async () => {
    const url = new URL(await always(answer("200 OK\r\nContent-Length: 2", "ok")));
    url.hostname = "state.example";
    const fetch = createFetcher({ resolve: async () => [{ address: "127.0.0.1", family: 4 }] });
    cleanUps.push(() => fetch.close());
    const request = { url: url.href, maxBytes: 10, timeoutMilliseconds: 60_000 };
    expect(textOf(await fetch({ ...request, allowPrivateAddresses: true }))).toBe("ok");
    await expect(fetch({ ...request, allowPrivateAddresses: false })).rejects.toMatchObject(refused);
  });
});

describe("URLs", () => {
  test.each([
    "",
    "index.txt",
    "ftp://example.org/",
    "file:///etc/passwd",
    "data:,x",
    "http://u@example.org/",
    "http://:p@x/",
  ])("%j is refused", async (url) => {
    await expect(fetchFrom(url)).rejects.toMatchObject({ code: "fetch_url_invalid" });
  });

  test("a password in a URL is not repeated in the message", async () => {
    const fetched = fetchFrom("https://user:secret@example.org/");
    await expect(fetched).rejects.toMatchObject({ message: expect.not.stringContaining("secret") });
  });

  test("a validator that would forge a header has failed", async () => {
    const url = await always(answer("200 OK\r\nContent-Length: 0"));
    await expect(fetchFrom(url, { etag: '"x"\r\nX-Forged: 1' })).rejects.toMatchObject({ code: "fetch_failed" });
  });
});

test("after close nothing is fetched any more", async () => {
  const fetch = createFetcher();
  await fetch.close();
  const request = { url: "http://127.0.0.1:1/", maxBytes: 1, timeoutMilliseconds: 60_000, allowPrivateAddresses: true };
  await expect(fetch(request)).rejects.toMatchObject({ code: "fetch_failed" });
});

test("what a source asked for as its token is in no message", async () => {
  const url = await always(answer("200 OK\r\nContent-Length: 2000", "x".repeat(2_000)));
  const failure = await fetchFrom(`${url}/index.txt?token=secret-of-the-state`).catch(String);
  expect(failure).toContain("/index.txt");
  expect(failure).not.toContain("secret");
});
