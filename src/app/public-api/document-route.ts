// The description of the public API, where phones' developers find it.

import type { PublicAnswer, PublicRoute } from "../../platform/http/public-route.ts";
import { DOCUMENT_PATH, describePublicApi } from "./describe-public-api.ts";

export function documentRoute(version: string): PublicRoute {
  const body = JSON.stringify(describePublicApi(version));
  return {
    path: DOCUMENT_PATH,
    methods: ["GET"],
    maxBodyBytes: 1,
    answer: async () => json(200, body),
    refuse: (status) => json(status, JSON.stringify({ code: REFUSED_WITH[status] })),
  };
}

const REFUSED_WITH = {
  400: "request_malformed",
  405: "method_not_allowed",
  413: "body_too_large",
  503: "unexpected",
} as const;

function json(status: number, body: string): PublicAnswer {
  return { status, headers: { "content-type": "application/json", "cache-control": "no-store" }, body };
}
