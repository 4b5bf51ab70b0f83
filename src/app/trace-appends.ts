// Traces around the archives that a location takes.

import type { LocationsFeature } from "../features/locations/feature.ts";
import type { Trace } from "../platform/observe/trace.ts";

/** The same locations; every append is a span with the location and who supplies it. */
export function traceAppends(locations: LocationsFeature, trace: Trace): LocationsFeature {
  return {
    ...locations,
    append: (name, supply, now, commit) =>
      trace("location.append", { location: name, supplier: supply.supplier }, () =>
        locations.append(name, supply, now, commit),
      ),
    appendCopy: (name, supplier, source, now, commit) =>
      trace("location.append", { location: name, supplier, bytes: source.bytes.length }, () =>
        locations.appendCopy(name, supplier, source, now, commit),
      ),
  };
}
