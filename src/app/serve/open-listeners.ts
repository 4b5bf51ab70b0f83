// The listeners of a process's duties: for phones, for administrators, for the monitoring.

import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import { PROBE_PREFIX } from "../../platform/blobs/probe-blobs.ts";
import type { Config } from "../../platform/config/config.ts";
import { readFileLimit } from "../../platform/files/file-limit.ts";
import type { AdminServer } from "../../platform/http/admin/admin-server.ts";
import { type ConnectionShares, filesReserved, shareConnections } from "../../platform/http/connection-shares.ts";
import { startMetricsListener } from "../../platform/http/metrics-listener.ts";
import { type ObjectServer, startObjectServer } from "../../platform/http/object-server.ts";
import type { AnswerObserver } from "../../platform/http/observe-answers.ts";
import type { Health } from "../health/create-health.ts";
import type { PartStack } from "../part-stack.ts";
import type { StatusDeps } from "../status/read-status.ts";
import type { Core, Inside } from "./open-core.ts";
import { startAdmin } from "./start-admin.ts";

/** The parts' names. */
export const PUBLIC_LISTENER = "public listener";
export const ADMIN_LISTENER = "admin listener";

export interface ListenerDeps extends Inside {
  /** null where the duties need no database. */
  readonly core: Core | null;
  readonly blobs: BlobStore;
  readonly health: Health;
  readonly metrics: () => Promise<string>;
  readonly observers: readonly AnswerObserver[];
  readonly version: string;
  readonly closeTimeoutMilliseconds: number;
  /** Called when it is known where phones find the trees. */
  readonly statusFor: (publicUrl: string | null) => StatusDeps | null;
}

/** Each is null where its duty is another process's. */
export interface Listeners {
  readonly publicListener: ObjectServer | null;
  readonly adminListener: AdminServer | null;
  readonly metricsListener: { readonly url: string } | null;
  /** Where phones find the trees, as far as this process knows. */
  readonly publicUrl: string | null;
}

/** Throws `listener_port_in_use` and `listener_address_unusable`. */
export async function openListeners(config: Config, deps: ListenerDeps, opened: PartStack): Promise<Listeners> {
  const opening = <Opened extends { close(): Promise<void> }>(name: string, start: () => Promise<Opened>) =>
    opened.open(name, start, (listener) => listener.close());
  const { metricsListener: metrics } = config;
  const shares = sharesOf(config, deps);
  const metricsListener =
    metrics && (await opening("metrics listener", () => startMetricsListener({ ...metrics, ...deps })));
  const publicListener = config.duties.includes("public")
    ? await opening(PUBLIC_LISTENER, () => startPublic(config, deps, shares))
    : null;
  const publicUrl = config.publicUrl ?? publicListener?.url ?? null;
  const status = deps.statusFor(publicUrl);
  const { core } = deps;
  const adminListener =
    core && status && config.duties.includes("admin")
      ? await opening(ADMIN_LISTENER, () =>
          startAdmin(config, core, status, { ...deps, maxConnections: shares.adminListener }),
        )
      : null;
  return { publicListener, adminListener, metricsListener, publicUrl };
}

function sharesOf({ database, publicListener }: Config, { core, report }: ListenerDeps): ConnectionShares {
  const fileLimit = readFileLimit();
  const reserved = filesReserved(core === null ? "postgres" : database.kind);
  const shares = shareConnections(fileLimit, reserved, publicListener.maxConnections ?? null);
  // Less than this and what is reserved runs out, or phones find every connection taken.
  if (fileLimit !== null && fileLimit < 2 * reserved) {
    report({ event: "server.few-files", level: "warn", fileLimit, advised: 4 * reserved, ...shares });
  }
  return shares;
}

function startPublic(config: Config, deps: ListenerDeps, shares: ConnectionShares): Promise<ObjectServer> {
  const { blobs, core, clock, report, health, observers, closeTimeoutMilliseconds } = deps;
  const takesUploads = core !== null && config.duties.includes("upload");
  return startObjectServer({
    blobs,
    ...config.publicListener,
    maxConnections: shares.publicListener,
    report,
    isPublic: (name) => !name.startsWith(PROBE_PREFIX),
    clock,
    ...(takesUploads ? { operations: { routes: core.server.publicRoutes, clock } } : {}),
    trustedProxies: config.trustedProxies,
    health: health.publicReady,
    observers,
    closeTimeoutMilliseconds,
  });
}
