import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

const anyText = fc.string({ unit: "binary" });

test("writes the bytes that TextEncoder writes, lone surrogates included", () => {
  const unpaired = fc.array(fc.integer({ min: 0, max: 0xffff }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(unpaired, (units) => {
      const text = String.fromCharCode(...units);
      expect(encodeUtf8(text)).toEqual(new TextEncoder().encode(text));
    }),
  );
});

test("reads back what it wrote", () => {
  fc.assert(
    fc.property(anyText, (text) => decodeUtf8(encodeUtf8(text)) === text),
  );
});

test("accepts exactly the bytes that a fatal TextDecoder accepts", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
      let expected: string | null;
      try {
        expected = strict.decode(bytes);
      } catch {
        expected = null;
      }
      if (expected === null) expect(() => decodeUtf8(bytes)).toThrow(/UTF-8/);
      else expect(decodeUtf8(bytes)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});
