// What vitest's process tells `npm test` while it runs.

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export type TestEvent =
  | { readonly kind: "planned"; readonly files: number }
  | { readonly kind: "file-begins"; readonly file: string }
  | { readonly kind: "test-begins"; readonly file: string; readonly test: string }
  | { readonly kind: "test-ends"; readonly file: string; readonly test: string; readonly state: keyof TestCounts }
  /** Of a test, of a hook, of a file that could not be loaded, or of nothing in particular. */
  | { readonly kind: "failure"; readonly file: string; readonly test: string; readonly reason: string }
  | { readonly kind: "file-ends"; readonly file: string; readonly counts: TestCounts; readonly milliseconds: number };
