import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { ApiError, type FieldError } from "@recsys/contracts";
import { createUpload } from "@recsys/store";
import Type, { type Static } from "typebox";
import type { ServiceContext } from "../../context.ts";
import { BODY_LIMITS } from "../../http/body-parsers.ts";
import { once } from "../../http/idempotency.ts";
import { fileRoute, type Answer, type Call } from "../../http/route.ts";
import type { LoadUpload } from "../../jobs.ts";
import type { UploadSettings } from "../../uploads/left-uploads.ts";
import { probeUpload } from "../../uploads/probe.ts";
import { receiveFile, type ReceivedFile } from "../../uploads/receive.ts";
import { runUpload } from "../../uploads/upload-runner.ts";
import { namespaceIn, queryOf } from "../shapes.ts";
import { toWire } from "./shapes.ts";

const UploadQuery = queryOf({
  kind: Type.Optional(
    Type.Union([
      Type.Literal("items"),
      Type.Literal("users"),
      Type.Literal("events"),
      Type.Literal("exposures"),
      Type.Literal("outcomes"),
    ]),
  ),
  format: Type.Optional(
    Type.Union([
      Type.Literal("csv"),
      Type.Literal("jsonl"),
      Type.Literal("parquet"),
    ]),
  ),
  mapping: Type.Optional(
    Type.String({
      maxLength: 4000,
      description: "our field:column of the file, separated by commas",
    }),
  ),
  dry_run: Type.Optional(Type.Boolean()),
  probe: Type.Optional(
    Type.Boolean({
      description:
        "write to the namespace `probe`, read back and remove; the body is not read",
    }),
  ),
});

/** POST /v1/uploads */
export const createUploadRoute = fileRoute({
  name: "createUpload",
  method: "POST",
  url: "/v1/uploads",
  permission: "uploads:write",
  tag: "uploads",
  summary:
    "Receive a file (CSV, JSON lines or Parquet, plain or gzip) and load it in the background.",
  query: UploadQuery,
  answer: Type.Object({ upload: Type.Record(Type.String(), Type.Unknown()) }),
  answerStatus: 202,
  errors: [
    "NOT_READY",
    "IDEMPOTENCY_CONFLICT",
    "UPLOAD_INVALID",
    "STORAGE_UNAVAILABLE",
  ],
  isCreating: true,
  handle: async (call) => {
    const { context, caller, query } = call;
    if (query.probe === true) {
      const probe = await probeUpload(context, caller.tenant);
      return { status: probe.ok ? 200 : 503, body: { probe } };
    }
    requireFields(query);
    const mapping = mappingIn(query.mapping);
    const load = context.loadUpload;
    if (load === null) {
      throw new ApiError("NOT_READY", {
        detail: "This process loads no files; `recsys import` does.",
        retryAfterSeconds: 60,
      });
    }
    const folder = join(context.config.home, "uploads", caller.tenant);
    const file = await receiveFile(call.body, folder, BODY_LIMITS.file);
    const facts = {
      tenant: caller.tenant,
      route: "createUpload",
      headers: call.headers,
      content: { query, hash: file.hash },
    };
    const taken = new Set<string>();
    try {
      return await once(context, facts, async () => {
        const answer = await begin(call, { load, file, mapping });
        taken.add(file.path);
        return answer;
      });
    } finally {
      // A failure keeps no file, and an answer given before needs no second one.
      if (!taken.has(file.path)) await rm(file.path, { force: true });
    }
  },
});

type UploadCall = Call<unknown, Static<typeof UploadQuery>, unknown>;

async function begin(
  { context, caller, query, headers }: UploadCall,
  work: {
    readonly load: LoadUpload;
    readonly file: ReceivedFile;
    readonly mapping: Readonly<Record<string, string>>;
  },
): Promise<Answer> {
  const { tenant } = caller;
  const namespace = namespaceIn(query);
  const { kind = "events", format = "jsonl", dry_run = false } = query;
  const { mapping } = work;
  const isGzip = headers["content-encoding"] === "gzip";
  const settings: UploadSettings = {
    mapping,
    dry_run,
    file: basename(work.file.path),
    is_gzip: isGzip,
    resumes: 0,
  };
  const upload = await context.store.inTenant(tenant, (tx) =>
    createUpload(tx, namespace, {
      kind,
      format,
      bytes: work.file.bytes,
      createdBy: caller.principal.id,
      settings: { ...settings },
    }),
  );
  const job = {
    tenant,
    namespace,
    uploadId: upload.uploadId,
    path: work.file.path,
    kind,
    format,
    isGzip,
    mapping,
    dryRun: dry_run,
  };
  background(context, runUpload(context, work.load, job));
  return { status: 202, body: { upload: toWire(upload) } };
}

/** Runs on after the answer; closing the service waits for it. */
function background(context: ServiceContext, work: Promise<void>): void {
  context.background.add(work);
  void work.finally(() => context.background.delete(work));
}

function requireFields(query: Static<typeof UploadQuery>): void {
  const errors = (["kind", "format"] as const).flatMap((name): FieldError[] =>
    query[name] === undefined
      ? [{ path: `/query/${name}`, code: "required", message: "is required" }]
      : [],
  );
  if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
}

/** `item_id:sku,ts:when` as an object. */
function mappingIn(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  const entries = text.split(",").map((pair) => {
    const at = pair.indexOf(":");
    if (at < 1 || at === pair.length - 1) {
      throw new ApiError("INVALID_REQUEST", {
        errors: [
          {
            path: "/query/mapping",
            code: "mapping",
            message: "must be pairs field:column, separated by commas",
          },
        ],
      });
    }
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}
