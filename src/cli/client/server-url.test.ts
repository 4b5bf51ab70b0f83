// Where a token may be sent.

import { describe, expect, test } from "vitest";
import { codeOf } from "../../core/coded-error.ts";
import { checkServerUrl, requireProtection } from "./server-url.ts";

describe("the URL of a server", () => {
  test("loses its slash at the end", () => {
    expect(checkServerUrl("https://admin.example.org/")).toBe("https://admin.example.org");
    expect(checkServerUrl("https://example.org/enks/")).toBe("https://example.org/enks");
  });

  test.each([
    "",
    "admin.example.org",
    "ftp://example.org",
    "https://u:p@example.org",
    "http://example.org/?a=1",
    "http://example.org/#x",
  ])('is not "%s"', (text) => {
    expect(codeThrownBy(() => checkServerUrl(text))).toBe("server_url_invalid");
  });
});

describe("a token", () => {
  test.each([
    "https://admin.example.org",
    "http://127.0.0.1:8081",
    "http://127.9.9.9",
    "http://localhost:1",
    "http://a.localhost",
    "http://[::1]:8081",
  ])("may go to %s", (server) => {
    expect(() => requireProtection(server)).not.toThrow();
  });

  test.each([
    "http://admin.example.org",
    "http://10.0.0.1",
    "http://localhost.example.org",
    "http://127.0.0.1.example.org",
    "http://0.0.0.0",
  ])("may not go to %s", (server) => {
    expect(codeThrownBy(() => requireProtection(server))).toBe("server_unprotected");
  });
});

function codeThrownBy(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}
