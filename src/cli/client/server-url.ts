// The URL of an admin listener, and whether a token may be sent there.

import { clientError } from "./client-error.ts";

/** Answers it without a slash at the end. Throws `server_url_invalid`. */
export function checkServerUrl(text: string): string {
  const url = URL.parse(text);
  const isUsable = url !== null && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "";
  if (isUsable && url.username === "" && url.password === "") return url.href.replace(/\/+$/, "");
  throw clientError("server_url_invalid", "the server's URL is no http or https URL without credentials and query", {
    remedy: "It looks like http://127.0.0.1:8081 or https://admin.example.org.",
  });
}

/** Throws `server_unprotected` where everybody on the way could read the token. */
export function requireProtection(server: string): void {
  const { protocol, hostname } = new URL(server);
  if (protocol === "https:" || isLoopback(hostname)) return;
  throw clientError("server_unprotected", `${server} is plain http on another machine, which would show the token`, {
    remedy: "Use https or a tunnel to this machine, or say --insecure where the network itself protects it.",
  });
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
