// What flows where: origin -> source -> exposures -> export -> location <- mirror <- origin.

import type { FlowEdge, FlowNode } from "./status-schemas.ts";

interface Parts {
  readonly sources: readonly { readonly name: string; readonly indexUrl: string }[];
  readonly exports: readonly { readonly name: string; readonly location: string }[];
  readonly mirrors: readonly { readonly name: string; readonly location: string; readonly indexUrl: string }[];
}

const EXPOSURES: FlowNode = { kind: "exposures", name: "exposures" };

/** The edges in the order of the parts; one origin may feed several. */
export function drawFlow({ sources, exports, mirrors }: Parts): FlowEdge[] {
  return [
    ...sources.flatMap(({ name, indexUrl }) => chain(origin(indexUrl), { kind: "source", name }, EXPOSURES)),
    ...exports.flatMap(({ name, location }) => chain(EXPOSURES, { kind: "export", name }, place(location))),
    ...mirrors.flatMap(({ name, location, indexUrl }) =>
      chain(origin(indexUrl), { kind: "mirror", name }, place(location)),
    ),
  ];
}

function chain(...nodes: readonly FlowNode[]): FlowEdge[] {
  return nodes.slice(1).flatMap((to, at) => {
    const from = nodes[at];
    return from === undefined ? [] : [{ from, to }];
  });
}

const origin = (name: string): FlowNode => ({ kind: "origin", name });
const place = (name: string): FlowNode => ({ kind: "location", name });
