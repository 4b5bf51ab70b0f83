// Opening an HTTP listener: what goes wrong there has a code.

import type { FastifyInstance } from "fastify";
import { CodedError } from "../../core/coded-error.ts";

export type ListenerErrorCode = "listener_port_in_use" | "listener_address_unusable";

export interface ListenerAddress {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/**
 * Starts listening and answers the URL, without a slash at the end. `setting` names the address in messages:
 * "adminListener". Throws `listener_port_in_use` and `listener_address_unusable`.
 */
export async function listen(server: FastifyInstance, address: ListenerAddress, setting: string): Promise<string> {
  const { host, port } = address;
  try {
    await server.listen({ host, port });
  } catch (cause) {
    throw listenerError(cause, address, setting);
  }
  const bound = server.server.address();
  const boundPort = bound === null || typeof bound === "string" ? port : bound.port;
  return `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`;
}

function listenerError(cause: unknown, { host, port }: ListenerAddress, setting: string): unknown {
  const systemCode = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (systemCode === "EADDRINUSE") {
    return new CodedError<ListenerErrorCode>("listener_port_in_use", `port ${port} on ${host} is in use`, {
      remedy: `Stop the program that uses it, or set another port in ${setting}.`,
      cause,
    });
  }
  if (systemCode === "EACCES" || systemCode === "EADDRNOTAVAIL" || systemCode === "ENOTFOUND") {
    return new CodedError<ListenerErrorCode>(
      "listener_address_unusable",
      `port ${port} on ${host} cannot be listened on: ${systemCode}`,
      { remedy: `Set an address of this machine and a port from 1024 up in ${setting}.`, cause },
    );
  }
  return cause;
}
