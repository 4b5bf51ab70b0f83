// Text files that options name: what is too long is refused in words that fit any file.

import { join } from "node:path";
import { expect, test } from "vitest";
import { readText } from "./read-text.ts";

test("a file that is longer than a text of its kind is not read", async () => {
  const file = join(import.meta.dirname, "read-text.ts");
  await expect(readText(file, 10)).rejects.toMatchObject({
    code: "input_unreadable",
    message: expect.stringContaining("more than 10 bytes"),
  });
  expect(await readText(file)).toContain("export async function readText");
});
