import { gzipSync } from "node:zlib";
import { ApiError } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { parseBody, type BodyForm } from "./parse-body.ts";

const plain: BodyForm = { encoding: undefined, isLines: false, maxBytes: 1000 };

async function failure(bytes: Buffer, form: BodyForm): Promise<ApiError> {
  try {
    await parseBody(bytes, form);
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  throw new Error("the body was accepted");
}

describe("parseBody", () => {
  it("says where JSON is malformed without quoting the body", async () => {
    const error = await failure(
      Buffer.from('{"user_id":"anna",\n "k": x}'),
      plain,
    );
    expect(error.code).toBe("MALFORMED_JSON");
    expect(error.message).toBe(
      "Unexpected text at position 25 (line 2, column 7).",
    );
  });

  it("says that a body ends early or is empty", async () => {
    expect((await failure(Buffer.from("[1, 2"), plain)).message).toBe(
      "The text ends early at position 5 (line 1, column 6).",
    );
    expect((await failure(Buffer.from(" "), plain)).message).toBe(
      "The body is empty.",
    );
  });

  it("refuses bytes that are not UTF-8", async () => {
    const error = await failure(Buffer.from([0x22, 0xff, 0x22]), plain);
    expect(error.message).toBe("The body is not valid UTF-8.");
  });

  it("limits what a compressed body unfolds to", async () => {
    const bomb = gzipSync(Buffer.from(`"${"a".repeat(1000)}"`));
    const error = await failure(bomb, { ...plain, encoding: "gzip" });
    expect(error.code).toBe("BODY_TOO_LARGE");
    const fits = await parseBody(gzipSync(Buffer.from("[1]")), {
      ...plain,
      encoding: "gzip",
    });
    expect(fits).toEqual({ kind: "json", value: [1], textErrors: [] });
  });

  it("reports text that the database cannot hold, with its path", async () => {
    const body = String.raw`[{"title":"a\u0000b"},{"tags":["ok","\ud800"]},{"t":"\ud83d\ude00"}]`;
    const parsed = await parseBody(Buffer.from(body), plain);
    expect(parsed.kind === "json" && parsed.textErrors).toMatchObject([
      { path: "/0/title", code: "text" },
      { path: "/1/tags/1", code: "text" },
    ]);
  });

  it("keeps the good lines beside a malformed one", async () => {
    const parsed = await parseBody(Buffer.from('{"a":1}\n{"a":\n{"a":2}\n'), {
      ...plain,
      isLines: true,
    });
    expect(parsed.kind === "lines" && parsed.rows).toMatchObject([
      { ok: true, value: { a: 1 } },
      { ok: false, errors: [{ path: "", code: "malformed" }] },
      { ok: true, value: { a: 2 } },
    ]);
  });
});
