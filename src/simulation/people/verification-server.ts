// The verification server on a port of its own, for key servers that fetch its signing keys over HTTP.

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  createVerification,
  type Verification,
  type VerificationAnswer,
  type VerificationOptions,
} from "./verification.ts";

export interface VerificationServer extends Verification, AsyncDisposable {}

/** Listens on loopback, under a port of the system's choice. */
export async function startVerificationServer(options: VerificationOptions): Promise<VerificationServer> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`;
  const verification = createVerification(options, url);
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    readObject(request).then(
      (body) => respond(response, verification.answer(request.url ?? "", body)),
      () => respond(response, [400, { error: "the request cannot be read" }]),
    );
  });
  return {
    ...verification,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function respond(response: ServerResponse, [status, body]: VerificationAnswer): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readObject(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const value: unknown = text === "" ? {} : JSON.parse(text);
  return { ...(value as object) };
}
