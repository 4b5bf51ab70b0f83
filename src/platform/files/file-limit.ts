// How many files this process may have open at once.

/** null where the system does not say, as on Windows, or has no limit. */
export function readFileLimit(): number | null {
  const { report } = process;
  if (report === undefined) return null;
  // Else it looks names of the network up.
  Reflect.set(report, "excludeNetwork", true);
  const limits: unknown = Reflect.get(report.getReport(), "userLimits");
  const soft = memberOf(memberOf(limits, "open_files"), "soft");
  return typeof soft === "number" ? soft : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
