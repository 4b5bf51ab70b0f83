// How every command of the program can be called, so that tests can walk all of them.

/** What the words of a call need of the world around them. */
export interface CallPlaces {
  /** A folder of its own. */
  readonly folder: string;
  /** Of a public key. */
  readonly pem: string;
  readonly privatePem: string;
  /** Of an archive that the public key signed under "310", "v1". */
  readonly archive: string;
  /** Of a tree of configuration. */
  readonly tree: string;
  /** Of the server's public listener. */
  readonly publicUrl: string;
  /** Of a hand-over of token keys, and the public key that it is for. */
  readonly transfer: string;
  readonly recipient: string;
}

export interface EveryCall {
  /** "location create" */
  readonly command: string;
  /** Only what the command requires: everything else has its default. */
  readonly words: readonly string[];
  /** Whether it asks an admin API. */
  readonly asks: boolean;
  /** Whether it changes something there. */
  readonly changes?: true;
  /** The exit code where all is well; 0 unless given. */
  readonly code?: number;
  /** The code with which it is refused, since no server lists anything here; its own test looks at its success. */
  readonly refusedWith?: string;
}

const NAMES = ["--key-id", "310", "--key-version", "v1"];
const SEAL = ["--signing-key", "ours", "--key-id", "262", "--key-version"];
const WHERE = ["--index-url", "http://127.0.0.1:9/index.txt", "--base-url", "http://127.0.0.1:9/"];

const change = (command: string, ...words: string[]): EveryCall => ({ command, words, asks: true, changes: true });
const read = (command: string, ...words: string[]): EveryCall => ({ command, words, asks: true });
const refused = (refusedWith: string, command: string, ...words: string[]): EveryCall => ({
  ...change(command, ...words),
  refusedWith,
});
const local = (command: string, ...words: string[]): EveryCall => ({ command, words, asks: false });

/** In an order in which each finds what it needs, and every one succeeds. */
export function everyCall({
  folder,
  pem,
  privatePem,
  archive,
  tree,
  publicUrl,
  transfer,
  recipient,
}: CallPlaces): EveryCall[] {
  const key = ["--public-key", pem, ...NAMES];
  return [
    local("help"),
    local("completion", "bash"),
    read("status"),
    change("signing-key create", "ours"),
    change("signing-key import", "theirs", "--key", privatePem),
    read("signing-key list"),
    read("signing-key public", "ours"),
    change("location create", "client", ...SEAL, "v1"),
    read("location list"),
    read("location show", "client"),
    change("location change", "client", "--grace", "3d", "--yes"),
    change("location rotate", "client", ...SEAL, "v2", "--from", "+1d", "--yes"),
    change("location cancel-rotation", "client"),
    read("location archives", "client"),
    change("export create", "main", "--location", "client", "--region", "XX", "--from", "-2d", "--period", "1h"),
    read("export list"),
    read("export show", "main"),
    change("export change", "main", "--include", "XX,YY"),
    change("job run", "export"),
    change("export backfill", "main", "--from", "-1d"),
    change("export end", "main"),
    change("export give-up", "main", "--reason", "lost"),
    change("export continue", "main"),
    change("source add", "state", "--region", "US", ...WHERE),
    change("source trust", "state", ...key),
    change("source distrust", "state", ...NAMES),
    read("source list"),
    read("supplier list"),
    read("supplier show", "state"),
    read("source show", "state"),
    change("source change", "state", "--until", "+1m"),
    read("source files", "state"),
    change("source retry", "state"),
    refused("upstream_line_unknown", "source skip", "state", "x/1-2-00001.zip", "--reason", "lost"),
    refused("upstream_line_not_skipped", "source unskip", "state", "x/1-2-00001.zip"),
    read("source skips", "state"),
    change("mirror add", "nation", "--location", "client", "--region", "XX", ...WHERE, ...key),
    refused("trusted_key_exists", "mirror trust", "nation", ...key),
    change("mirror distrust", "nation", ...NAMES),
    read("mirror list"),
    read("mirror show", "nation"),
    change("mirror change", "nation", "--max-records", "1000"),
    refused("upstream_line_unknown", "mirror skip", "nation", "x/1-2-00001.zip", "--reason", "lost"),
    refused("upstream_line_not_skipped", "mirror unskip", "nation", "x/1-2-00001.zip"),
    read("mirror skips", "nation"),
    refused("mirror_loss_missing", "mirror accept-loss", "nation", "--reason", "withdrawn", "--yes"),
    read("mirror archives", "nation"),
    change("mirror end", "nation"),
    change("mirror give-up", "nation", "--reason", "lost"),
    change("mirror remove", "nation"),
    change("source give-up", "state", "--reason", "lost"),
    change("authority create", "health", "--issuer", "health.example", "--audience", "keys.example"),
    change("authority add-key", "health", "--kid", "v1", "--public-key", pem),
    change("authority end-key", "health", "v1"),
    read("authority list"),
    read("authority show", "health"),
    change("authority change", "health", "--no-stats"),
    change("app create", "org.app", "--regions", "XX", "--authorities", "health"),
    read("app list"),
    read("app show", "org.app"),
    change("app change", "org.app", "--bypass-certificate"),
    change("app delete", "org.app"),
    read("token-key list"),
    change("token-key recipient"),
    change("token-key export", "--for", recipient),
    change("token-key import", transfer, "--source", "state"),
    change("source remove", "state"),
    change("principal create", "zoe", "--role", "auditor"),
    read("principal list"),
    read("principal show", "zoe"),
    change("principal renew", "zoe"),
    change("principal revoke", "zoe"),
    change("exposures generate", "--regions", "XX", "--persons", "3"),
    read("exposures totals"),
    read("job list"),
    read("job show", "import-archives"),
    read("job dead-letters"),
    read("clock show"),
    change("clock confirm"),
    change("clock put-back", "--wrong-since", "-1m"),
    read("audit"),
    change("apply", "--file", tree, "--yes"),
    read("export-config"),
    local("profile add", "one", "--server", "http://127.0.0.1:9", "--token", "enks_x"),
    local("profile use", "one"),
    local("profile list"),
    local("profile remove", "one"),
    local("archive inspect", archive),
    local("archive verify", archive, "--key", pem),
    local("init", `${folder}/data`),
    local("serve", `${folder}/data`, "--print-config"),
    // No listener of this world takes uploads.
    { ...local("upload", "--to", publicUrl, "--app", "x", "--without-certificate", "--count", "1"), code: 1 },
    local("simulate", "--break"),
  ];
}

/** What is too large to be called beside all others; its own test looks at its JSON. */
export const CALLED_ELSEWHERE: readonly string[] = [
  "demo",
  "location adopt",
  "location restore",
  "migration advance",
  "migration back",
  "migration bundle read",
  "migration bundle write",
  "migration cancel",
  "migration change-plan",
  "migration check",
  "migration create",
  "migration evidence",
  "migration key",
  "migration list",
  "migration log",
  "migration prove",
  "migration public-key",
  "migration report",
  "migration start",
  "migration status",
  "migration verify",
  "supplier merge",
];
