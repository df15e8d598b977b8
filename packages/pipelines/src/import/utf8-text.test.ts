import fc from "fast-check";
import { expect, test } from "vitest";
import { readable, utf8Text, wasUtf8 } from "./utf8-text.ts";

/** The text of bytes that come in pieces of this size. */
async function read(bytes: Buffer, size: number): Promise<string> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) {
      yield await Promise.resolve(bytes.subarray(at, at + size));
    }
  }
  let text = "";
  for await (const part of utf8Text(pieces())) text += part;
  return text;
}

test("UTF-8 is read as it is, wherever it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 1, max: 5 }),
      async (text, size) => {
        expect(await read(Buffer.from(`a${text}`), size)).toBe(`a${text}`);
      },
    ),
    { numRuns: 200 },
  );
});

test("only the byte order mark at the start is dropped", async () => {
  const bytes = Buffer.from("\ufeffa\n\ufeffb");
  for (const size of [1, 2, 3, 4, 100]) {
    expect(await read(bytes, size)).toBe("a\n\ufeffb");
  }
});

test.each([1, 2, 3, 100])(
  "a line of Latin-1 is told from a U+FFFD that stands in the file (pieces of %i)",
  async (size) => {
    const bytes = Buffer.concat([
      Buffer.from("a\ufffd\n"),
      Buffer.from("Mot\u00f6r, caf\u00e9\n", "latin1"),
      Buffer.from("\u{103ff} caf\u00e9\n"),
      Buffer.from([0xc3]),
    ]);
    const lines = (await read(bytes, size)).split("\n");
    expect(lines.map(wasUtf8)).toEqual([true, false, true, false]);
    expect(lines[0]).toBe("a\ufffd");
    expect(readable(lines[1] ?? "")).toBe("Mot\ufffdr, caf\ufffd");
  },
);
