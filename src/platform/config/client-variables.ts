// Variables that the commands read as clients of a server; a server passes over them.

export const CLIENT_VARIABLES: ReadonlySet<string> = new Set([
  "ENKS_SERVER",
  "ENKS_TOKEN",
  "ENKS_PROFILE",
  "ENKS_PROFILES",
]);
