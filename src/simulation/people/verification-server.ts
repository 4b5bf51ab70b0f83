// A small verification server: who was diagnosed gets a code, and the phone a certificate for the code (KS 4).

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Clock, MINUTE } from "../../core/clock.ts";
import type { Random } from "../../core/random.ts";
import type { ReportTypeName } from "../../core/report-type.ts";
import { createAuthorityKeys } from "./authority-keys.ts";

export interface Diagnosis {
  readonly reportType: ReportTypeName;
  /** Interval number; null: not known to the authority. */
  readonly onsetInterval: number | null;
}

export interface VerificationServer extends AsyncDisposable {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** Takes a code and the HMAC of exposure keys; answers a certificate over both. */
  readonly certificateUrl: string;
  /** The code that a person is told. It is good for one HMAC, as often as the answer gets lost. */
  diagnose(diagnosis: Diagnosis): string;
}

export interface VerificationServerOptions {
  readonly issuer: string;
  readonly clock: Clock;
  readonly random: Random;
  /** When another signing key is published; it signs some hours later. */
  readonly rotatesAt: number;
  /** A bare list, as the reference wants it, or the standard object (KS 4.6). */
  readonly jwksForm: "list" | "object";
}

const AUDIENCE = "exposure-notifications-server";
const JWKS_PATH = "/.well-known/jwks.json";
const CERTIFICATE_PATH = "/api/certificate";
const CERTIFICATE_SECONDS = 15 * MINUTE;

type Answer = readonly [status: number, body: object];

/** Listens on loopback, under a port of the system's choice. */
export async function startVerificationServer(options: VerificationServerOptions): Promise<VerificationServer> {
  const { issuer, clock, random, jwksForm } = options;
  const signingKeys = createAuthorityKeys(options.rotatesAt);
  const cases = new Map<string, Diagnosis & { certifiedHmac: string | null }>();

  const listKeys = (): Answer => {
    const keys = signingKeys.published(clock.now());
    return [200, jwksForm === "list" ? keys : { keys }];
  };

  const certify = ({ token, ekeyhmac }: Readonly<Record<string, unknown>>): Answer => {
    const found = cases.get(String(token));
    if (found === undefined || typeof ekeyhmac !== "string")
      return [400, { error: "the code or the HMAC is not valid" }];
    found.certifiedHmac ??= ekeyhmac;
    if (found.certifiedHmac !== ekeyhmac) return [400, { error: "the code was used for other keys" }];
    const [iat, exp] = [clock.now(), clock.now() + CERTIFICATE_SECONDS];
    const { reportType, onsetInterval } = found;
    const onset = onsetInterval === null ? {} : { symptomOnsetInterval: onsetInterval };
    const claims = { iss: issuer, aud: AUDIENCE, iat, exp, reportType, tekmac: ekeyhmac, ...onset };
    return [200, { certificate: signingKeys.sign(claims, iat) }];
  };

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    if (request.url === JWKS_PATH) return listKeys();
    if (request.url === CERTIFICATE_PATH) return certify(await readObject(request));
    return [404, { error: "there is nothing here" }];
  };

  const server = createServer((request, response) => {
    answer(request).then(
      (answered) => respond(response, answered),
      () => respond(response, [400, { error: "the request cannot be read" }]),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`;
  return {
    issuer,
    audience: AUDIENCE,
    jwksUrl: `${url}${JWKS_PATH}`,
    certificateUrl: `${url}${CERTIFICATE_PATH}`,
    diagnose(diagnosis) {
      const code = random.bytes(16).toHex();
      cases.set(code, { ...diagnosis, certifiedHmac: null });
      return code;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function respond(response: ServerResponse, [status, body]: Answer): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readObject(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString());
  return { ...(value as object) };
}
