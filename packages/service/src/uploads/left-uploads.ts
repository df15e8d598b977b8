import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { DAY_MS, MINUTE_MS } from "@recsys/contracts";
import {
  adoptUpload,
  dropUploadAnswer,
  listTenants,
  moveUpload,
  unfinishedUploads,
  type Upload,
} from "@recsys/store";
import type { ServiceContext } from "../context.ts";
import { isAbandoned, isOwn } from "../decisions/file-owner.ts";
import { safeError } from "../http/log-error.ts";
import { partName } from "./receive.ts";
import { runUpload, STUCK_AFTER_MINUTES } from "./upload-runner.ts";

const LOOK_EVERY_MS = MINUTE_MS;
/** A file that ends every process that loads it must not do so for ever. */
const MOST_RESUMES = 3;
const QUIET_MS = STUCK_AFTER_MINUTES * MINUTE_MS;

/** What the route stores of an upload, so that another process can go on with it. */
export interface UploadSettings {
  readonly mapping: Readonly<Record<string, string>>;
  readonly dry_run: boolean;
  /** Name of the received file; tells which process has it. */
  readonly file: string;
  readonly is_gzip: boolean;
  /** How often another process went on with it. */
  readonly resumes: number;
}

/** Goes on with uploads of processes that ended, at the start and once a minute; loading a file twice changes nothing. */
export class LeftUploads {
  readonly #context: ServiceContext;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  start(): void {
    const look = () => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = null;
      });
    };
    look();
    this.#timer = setInterval(look, LOOK_EVERY_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { store, log } = this.#context;
    try {
      const tenants = await store.tenantless((db) => listTenants(db));
      for (const { tenantId } of tenants) await this.#lookAt(tenantId);
    } catch (error) {
      // The next look comes soon enough.
      log.error({ part: "uploads", err: safeError(error) });
    }
  }

  async #lookAt(tenant: string): Promise<void> {
    const folder = join(this.#context.config.home, "uploads", tenant);
    // First the files: who is gone by now adds no upload to those listed then.
    const left = await abandonedFiles(folder);
    const uploads = await this.#context.store.inTenant(tenant, (tx) =>
      unfinishedUploads(tx),
    );
    const wanted = new Set<string>();
    for (const upload of uploads) {
      const settings = upload.settings as unknown as UploadSettings;
      if (upload.probe || typeof settings.file !== "string") continue;
      wanted.add(settings.file);
      const quietMs = this.#context.clock() - upload.heartbeatAt;
      if (isOwn(settings.file)) continue;
      if (!isAbandoned(settings.file, quietMs, QUIET_MS)) continue;
      const isTaken = await this.#resume(upload, { tenant, folder, settings });
      // The file may lie with a service that has another home and starts soon.
      if (isTaken || quietMs <= QUIET_MS) continue;
      await this.#giveUp(tenant, upload);
      wanted.delete(settings.file);
    }
    for (const name of left) {
      if (!wanted.has(name)) await rm(join(folder, name), { force: true });
    }
  }

  /** False when the file is not here, or not whole. */
  async #resume(
    upload: Upload,
    at: {
      readonly tenant: string;
      readonly folder: string;
      readonly settings: UploadSettings;
    },
  ): Promise<boolean> {
    const { loadUpload, store, background } = this.#context;
    const { tenant, folder, settings } = at;
    const found = await stat(join(folder, settings.file)).catch(() => null);
    if (settings.resumes >= MOST_RESUMES) return false;
    if (loadUpload === null || found?.size !== upload.bytesTotal) return false;
    const file = partName();
    const path = join(folder, file);
    // One process can rename it; for the others it is gone.
    const isOurs = await rename(join(folder, settings.file), path).then(
      () => true,
      () => false,
    );
    if (!isOurs) return true;
    await store.inTenant(tenant, (tx) =>
      adoptUpload(tx, upload.uploadId, {
        ...settings,
        file,
        resumes: settings.resumes + 1,
      }),
    );
    const work = runUpload(this.#context, loadUpload, {
      tenant,
      namespace: upload.namespace,
      uploadId: upload.uploadId,
      path,
      kind: upload.kind,
      format: upload.format as "csv" | "jsonl" | "parquet",
      isGzip: settings.is_gzip,
      mapping: settings.mapping,
      dryRun: settings.dry_run,
    });
    background.add(work);
    void work.finally(() => background.delete(work));
    return true;
  }

  /** Its key is free again: the same request may bring the file anew. */
  async #giveUp(tenant: string, { uploadId }: Upload): Promise<void> {
    await this.#context.store.inTenant(tenant, async (tx) => {
      await moveUpload(tx, uploadId, {
        to: "failed",
        error:
          "the process that loaded it has ended, and nobody could go on with it; send it again",
      });
      await dropUploadAnswer(tx, uploadId);
    });
  }
}

/** Files whose process is gone. */
async function abandonedFiles(folder: string): Promise<readonly string[]> {
  const left: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (found === null) continue;
    if (isAbandoned(name, Date.now() - found.mtimeMs, DAY_MS)) left.push(name);
  }
  return left;
}
