// Libraries that only some deployments need, installed beside the program by whoever needs one.

import { CodedError } from "../../core/coded-error.ts";

export type PeerErrorCode =
  /** The configuration names a service whose library is not installed. */
  "adapter_missing";

/** The versions that the program is tested with, as `npm install` takes them. */
export const PEERS = {
  "@aws-sdk/client-s3": "^3.1175.0",
  "@azure/identity": "^4.13.1",
  "@azure/storage-blob": "^12.32.0",
  "google-auth-library": "^10.9.1",
} as const;

export type PeerName = keyof typeof PEERS;

export type LoadModule = (name: string) => Promise<unknown>;

const importModule: LoadModule = (name) => import(name);

/** The library's module; `wantedBy` names the setting. Throws `adapter_missing` with the command that installs it. */
export async function loadPeer<Module>(name: PeerName, wantedBy: string, load = importModule): Promise<Module> {
  try {
    return (await load(name)) as Module;
  } catch (cause) {
    if (!isMissing(cause, name)) throw cause;
    throw new CodedError<PeerErrorCode>(
      "adapter_missing",
      `${wantedBy} needs the library ${name}, which is not installed`,
      {
        remedy: `Install it beside enks: npm install ${name}@${PEERS[name]}`,
      },
    );
  }
}

/** Not where a library of that library is missing. */
function isMissing(error: unknown, name: string): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ERR_MODULE_NOT_FOUND" && String(error).includes(`'${name}'`);
}
