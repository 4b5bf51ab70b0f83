// Resolves names for the connection itself, so that the address that was checked is the address that is used.

import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { callbackify } from "node:util";
import { neverFetched, privateAddress } from "./checked-url.ts";
import { isNeverFetched, isPublicAddress } from "./public-address.ts";

/** All addresses of a name, at least one. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** A lookup for sockets that fails with `fetch_private_address` when any address of the name is not public. */
export function createCheckedLookup(resolve: Resolve, allowPrivateAddresses: boolean): LookupFunction {
  const resolveChecked = callbackify(async (hostname: string): Promise<[LookupAddress, ...LookupAddress[]]> => {
    const [first, ...others] = await resolve(hostname);
    if (first === undefined) throw new Error(`${hostname} has no address`);
    if ([first, ...others].some(({ address }) => isNeverFetched(address))) throw neverFetched(hostname);
    if (!allowPrivateAddresses && ![first, ...others].every(({ address }) => isPublicAddress(address))) {
      throw privateAddress(hostname);
    }
    return [first, ...others];
  });

  return (hostname, options, callback) => {
    resolveChecked(hostname, (error, addresses) => {
      if (error !== null) callback(error, "");
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0].address, addresses[0].family);
    });
  };
}
