import { rm } from "node:fs/promises";
import { ApiError } from "@recsys/contracts";
import { appendUploadErrors, heartbeatUpload, moveUpload } from "@recsys/store";
import type { ServiceContext } from "../context.ts";
import { safeError } from "../http/log-error.ts";
import type { LoadUpload, UploadJob, UploadProgress } from "../jobs.ts";

/** An upload without progress for so long counts as stuck. */
export const STUCK_AFTER_MINUTES = 10;

/** So many rejected rows of an upload are kept with their reasons; all are counted. */
export const ERRORS_KEPT = 10_000;

/** Loads a received file and moves the upload through its states; never throws. */
export async function runUpload(
  context: ServiceContext,
  load: LoadUpload,
  job: Omit<UploadJob, "onProgress">,
): Promise<void> {
  const { tenant, uploadId } = job;
  const keeper = progressKeeper(context, job);
  try {
    await context.store.inTenant(tenant, (tx) =>
      moveUpload(tx, uploadId, { to: "validating" }),
    );
    const end = await load({ ...job, onProgress: keeper });
    await keeper(end);
    await context.store.inTenant(tenant, (tx) =>
      moveUpload(tx, uploadId, {
        to: "done",
        evidence: { dry_run: job.dryRun, rows: end.rowsRead },
      }),
    );
    await context.snapshots.refresh(tenant, job.namespace);
    context.users.forget(tenant, job.namespace, null);
  } catch (error) {
    await fail(context, job, error);
  } finally {
    await rm(job.path, { force: true });
  }
}

function progressKeeper(
  context: ServiceContext,
  job: Pick<UploadJob, "tenant" | "uploadId">,
) {
  let state: "validating" | "loading" = "validating";
  let kept = 0;
  return async (progress: UploadProgress): Promise<void> => {
    const { errors, state: wanted, ...counts } = progress;
    await context.store.inTenant(job.tenant, async (tx) => {
      if (state === "validating" && wanted === "loading") {
        await moveUpload(tx, job.uploadId, { to: "loading" });
        state = "loading";
      }
      const taken = errors.slice(0, ERRORS_KEPT - kept);
      if (taken.length > 0) {
        await appendUploadErrors(tx, job.uploadId, taken);
        kept += taken.length;
      }
      await heartbeatUpload(tx, job.uploadId, counts);
    });
  };
}

async function fail(
  context: ServiceContext,
  job: Pick<UploadJob, "tenant" | "uploadId">,
  error: unknown,
): Promise<void> {
  const { tenant, uploadId } = job;
  context.log.error({ upload_id: uploadId, err: safeError(error) });
  const reason =
    error instanceof ApiError ? error.message : "the load failed; see the log";
  await context.store
    .inTenant(tenant, (tx) =>
      moveUpload(tx, uploadId, { to: "failed", error: reason }),
    )
    .catch((second: unknown) => {
      // Without the database it will be found as stuck.
      context.log.error({ upload_id: uploadId, err: safeError(second) });
    });
}
