// Words of a command line that people copy.

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "./shell-word.ts";

test("what a shell takes as it is stays as it is", () => {
  expect(shellWord("/srv/enks-data/.enks")).toBe("/srv/enks-data/.enks");
});

test.each(["", "/my folder/enks", "it's", 'a$HOME`id`"b\\', "~", "*", "-;&|", "Zürich\nnow"])(
  "a shell reads %j as one word",
  (text) => {
    const printed = execFileSync("/bin/sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" });
    expect(printed).toBe(text);
  },
);
