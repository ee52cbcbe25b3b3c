// The few words of Node that the tests use, so that no package with its types is needed.
declare module 'node:test' {
  export function test(name: string, body: () => void | Promise<void>): void;
}
declare module 'node:assert/strict' {
  const assert: {
    equal(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    ok(value: unknown, message?: string): void;
    throws(act: () => unknown, expected: RegExp, message?: string): void;
  };
  export default assert;
}
