// Settings of the listeners.

import { Type } from "typebox";
import { CLOSED, notes } from "../setting-notes.ts";

const host = (environment: string) =>
  Type.String({
    minLength: 1,
    default: "127.0.0.1",
    ...notes({ description: "The address to listen on; `0.0.0.0` is every one.", environment: [environment] }),
  });

const PORTS = { minimum: 0, maximum: 65_535 } as const;

export const listenerSettings = {
  publicListener: Type.Object(
    {
      host: host("ENKS_PUBLIC_HOST"),
      port: Type.Integer({
        ...PORTS,
        default: 8_080,
        ...notes({
          description: "The port for phones and other servers; 0 lets the system choose.",
          environment: ["PORT", "ENKS_PUBLIC_PORT"],
        }),
      }),
      maxConnections: Type.Optional(
        Type.Integer({
          minimum: 8,
          maximum: 100_000,
          ...notes({
            description:
              "Most connections of phones at a time. When all are taken, the one that was idle longest is ended. Fewer where the process may open few files.",
            environment: ["ENKS_PUBLIC_MAX_CONNECTIONS"],
            defaultText: "4,000",
          }),
        }),
      ),
    },
    { ...CLOSED, default: {} },
  ),
  publicUrl: Type.Optional(
    Type.String({
      pattern: "^https?://[^?#\\s]+$",
      ...notes({
        description: "Where phones find the published trees, if a CDN, a proxy or a bucket stands in front.",
        environment: ["ENKS_PUBLIC_URL"],
        defaultText: "the public listener's own",
      }),
    }),
  ),
  adminListener: Type.Object(
    {
      host: host("ENKS_ADMIN_HOST"),
      port: Type.Integer({
        ...PORTS,
        default: 8_081,
        ...notes({ description: "The port of the admin API.", environment: ["ENKS_ADMIN_PORT"] }),
      }),
    },
    { ...CLOSED, default: {} },
  ),
  metricsListener: Type.Object(
    {
      host: host("ENKS_METRICS_HOST"),
      port: Type.Optional(
        Type.Integer({
          ...PORTS,
          ...notes({
            description: "A port for `/metrics` and the health checks, without a token; the admin API has them anyway.",
            environment: ["METRICS_PORT"],
            defaultText: "no such listener",
          }),
        }),
      ),
    },
    { ...CLOSED, default: {} },
  ),
};
