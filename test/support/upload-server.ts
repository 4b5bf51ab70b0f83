// A key server and a verification server as clients meet them, which judge with nothing but Node's cryptography, and misbehave on demand.

import { Buffer } from "node:buffer";
import { verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { macOfKeys, makeAuthority, type SentKey, type TestAuthority } from "./certificates.ts";

export interface ReceivedUpload {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Of the whole request, as it came over the wire. */
  readonly wireBytes: number;
  readonly content: Record<string, unknown>;
  /** The claims of the certificate; null without one. */
  readonly claims: Record<string, unknown> | null;
  /** What is wrong with the request, a sentence each. */
  readonly faults: readonly string[];
}

export interface ReceivedCertificateRequest {
  readonly headers: IncomingHttpHeaders;
  readonly content: Record<string, unknown>;
}

/** Instead of the right answer. */
export interface Misbehaviour {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The request is dealt with, and the connection breaks before the answer. */
  readonly isLost?: true;
  /** No answer ever. */
  readonly isSilent?: true;
}

export interface UploadServer {
  readonly url: string;
  readonly publishUrl: string;
  readonly certificateUrl: string;
  readonly authority: TestAuthority;
  readonly uploads: readonly ReceivedUpload[];
  readonly chaff: readonly ReceivedUpload[];
  readonly certificateRequests: readonly ReceivedCertificateRequest[];
  /** The report type of each key that was stored, by its base64. */
  readonly stored: ReadonlyMap<string, unknown>;
  /** For the next requests, in their order; after them it behaves again. */
  misbehave(...next: Misbehaviour[]): void;
  close(): Promise<void>;
}

/**
 * `now` is when its certificates are made, and judged, give or take ten minutes. Certificates may also be signed with private keys of `otherPems`,
 * under the names of its own authority.
 */
export async function startUploadServer(now = 1_795_514_400, otherPems: readonly string[] = []): Promise<UploadServer> {
  const authority = makeAuthority();
  const judge = createJudge(authority, [authority.publicKeyPem, ...otherPems], now);
  const uploads: ReceivedUpload[] = [];
  const chaff: ReceivedUpload[] = [];
  const certificateRequests: ReceivedCertificateRequest[] = [];
  const stored = new Map<string, unknown>();
  const misbehaviours: Misbehaviour[] = [];

  const publish = (received: ReceivedUpload): [number, object] => {
    if (received.faults.length > 0) return [401, { code: "bad_request", error: received.faults.join("; ") }];
    const keys = keysOf(received.content);
    const type = received.claims?.["reportType"];
    const known = keys.filter(({ key }) => stored.has(key));
    const mayRevise = received.content["revisionToken"] === tokenOf(keys);
    if (known.some(({ key }) => stored.get(key) !== type) && !mayRevise) {
      return [400, { code: "missing_revision_token", error: "keys exist" }];
    }
    for (const { key } of keys) stored.set(key, type);
    const insertedExposures = keys.length - known.length || undefined;
    return [200, { revisionToken: tokenOf(keys), insertedExposures, padding: "cGFkZGluZw==" }];
  };

  const certify = (content: Record<string, unknown>): [number, object] => {
    const { iss, aud } = authority;
    const claims = { iss, aud, iat: now, exp: now + 900, reportType: "confirmed", tekmac: content["ekeyhmac"] };
    return [200, { certificate: authority.signJwt(claims), padding: "" }];
  };

  const seen = new WeakMap<object, number>();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    const wireBytes = request.socket.bytesRead - (seen.get(request.socket) ?? 0);
    seen.set(request.socket, request.socket.bytesRead);
    let answer: [number, object];
    if (request.url === "/v1/publish") {
      const received = judge(request.headers, body, wireBytes);
      const isChaff = (request.headers["x-chaff"] ?? "") !== "";
      (isChaff ? chaff : uploads).push(received);
      answer = isChaff ? [200, { padding: "cGFkZGluZw==" }] : publish(received);
    } else {
      const content = JSON.parse(body.toString()) as Record<string, unknown>;
      certificateRequests.push({ headers: request.headers, content });
      answer = certify(content);
    }
    respond(response, answer, misbehaviours.shift() ?? {});
  };

  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    publishUrl: `${url}/v1/publish`,
    certificateUrl: `${url}/api/certificate`,
    authority,
    uploads,
    chaff,
    certificateRequests,
    stored,
    misbehave: (...next) => void misbehaviours.push(...next),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function respond(response: ServerResponse, [status, body]: [number, object], instead: Misbehaviour): void {
  if (instead.isSilent) return;
  if (instead.isLost) {
    response.destroy();
    return;
  }
  response.writeHead(instead.status ?? status, { "content-type": "application/json", ...instead.headers });
  response.end(instead.body ?? JSON.stringify(body));
}

type Judge = (headers: IncomingHttpHeaders, body: Buffer, wireBytes: number) => ReceivedUpload;

function createJudge({ iss, aud }: TestAuthority, pems: readonly string[], now: number): Judge {
  return (headers, body, wireBytes) => {
    const content = JSON.parse(body.toString()) as Record<string, unknown>;
    const keys = keysOf(content);
    const certificate = String(content["verificationPayload"]);
    const claims = claimsOf(certificate);
    const hmacKey = Buffer.from(String(content["hmacKey"]), "base64");
    const checks: readonly (readonly [boolean, string])[] = [
      [headers["content-type"] === "application/json", "the content type is another"],
      [keys.length > 0 && keys.every(({ key }) => Buffer.from(key, "base64").length === 16), "a key has not 16 bytes"],
      [pems.some((pem) => isSignedBy(pem, certificate)), "the certificate's signature does not fit"],
      [claims?.["iss"] === iss && claims["aud"] === aud, "issuer or audience is another"],
      [
        Math.abs(Number(claims?.["iat"]) - now) <= 600 && now <= Number(claims?.["exp"]),
        "the certificate is not valid now",
      ],
      [claims?.["tekmac"] === macOfKeys({ keys, hmacKey }), "the HMAC does not fit the keys"],
    ];
    const faults = checks.flatMap(([isGood, fault]) => (isGood ? [] : [fault]));
    return { headers, body, wireBytes, content, claims, faults };
  };
}

function isSignedBy(key: string, certificate: string): boolean {
  const [header, payload, signature = ""] = certificate.split(".");
  const signed = Buffer.from(`${header}.${payload}`);
  return verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
}

function keysOf(content: Record<string, unknown>): SentKey[] {
  return content["temporaryExposureKeys"] as SentKey[];
}

function tokenOf(keys: readonly SentKey[]): string {
  const names = keys.map(({ key }) => key).toSorted();
  return Buffer.from(names.join(",")).toString("base64");
}

function claimsOf(certificate: string): Record<string, unknown> | null {
  try {
    return JSON.parse(Buffer.from(certificate.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
  } catch {
    return null;
  }
}
