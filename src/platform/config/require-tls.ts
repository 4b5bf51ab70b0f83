// An address of PostgreSQL that says nothing about encryption, for a process that must not do without.

/** Each of these says how the connection is to be encrypted, or that it is not. */
const SAYS_HOW = /[?&](?:ssl|sslmode|sslnegotiation|sslcert|sslkey|sslrootcert)=[^&]/i;
/** A socket of this machine, which has no encryption: no host, or one that is a path. */
const IS_SOCKET = /^\w+:\/\/(?:[^/?@]*@)?(?:[/?]|%2f|$)|[?&]host=(?:\/|%2f)/i;

/** With `require` as libpq means it, unless the address says something itself or names a socket. */
export function withRequiredTls(url: string): string {
  if (SAYS_HOW.test(url) || IS_SOCKET.test(url)) return url;
  return `${url}${url.includes("?") ? "&" : "?"}sslmode=require&uselibpqcompat=true`;
}
