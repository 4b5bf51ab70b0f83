// The network of a world without sockets: hosts by name, and everybody's way to them.

export interface NetRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface NetResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** Rejects where the host cannot be reached, or the connection breaks. */
export type Host = (request: NetRequest) => Promise<NetResponse>;

export interface Network {
  /** Gives a name such as `https://keys.state.example` to a host, or takes it away. */
  place(origin: string, host: Host | null): void;
  /** Rejects with a TypeError for a name that nobody has, as `fetch` does. */
  send: Host;
}

const NO_BYTES = new Uint8Array(0);

export function createNetwork(): Network {
  const hosts = new Map<string, Host>();
  return {
    place(origin, host) {
      if (host === null) hosts.delete(origin);
      else hosts.set(origin, host);
    },
    async send(request) {
      const host = hosts.get(new URL(request.url).origin);
      if (host === undefined) throw new TypeError(`nobody answers at ${request.url}`);
      return host(request);
    },
  };
}

/** A GET without conditions. */
export function getRequest(url: string, headers: Readonly<Record<string, string>> = {}): NetRequest {
  return { method: "GET", url, headers, body: NO_BYTES };
}
