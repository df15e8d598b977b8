import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ApiError, DEFAULT_NAMESPACE } from "@recsys/contracts";
import {
  runImport,
  type ImportReport,
  type PipelineResult,
} from "@recsys/pipelines";
import {
  createTenant,
  eventDays,
  findTenant,
  pointer,
  type Tenant,
} from "@recsys/store";
import { importTarget } from "./import-target.ts";
import type { Io } from "./io.ts";
import { DEMO_TENANT, type Place, type Platform } from "./platform.ts";
import { createProgress } from "./progress.ts";
import { runHere } from "./run-pipeline.ts";
import { orStopped } from "./until-stopped.ts";

/** What `up --demo` found or made. */
export interface Demo {
  readonly place: Place;
  /** Null when an earlier start had done it. */
  readonly imported: ImportReport | null;
}

/**
 * Prepares the tenant `demo`: imports Online Retail and trains, unless a
 * manifest is live already. An interrupted first start is taken up where it
 * stopped, because the import is idempotent and resumes.
 */
export async function prepareDemo(platform: Platform, io: Io): Promise<Demo> {
  const tenant = await ensureTenant(platform);
  const place = { platform, tenant, namespace: DEFAULT_NAMESPACE };
  if (await hasManifest(place)) return { place, imported: null };
  io.note("importing Online Retail (Chen, D. 2015, UCI, CC BY 4.0) …");
  const imported = await importDemo(place, io);
  io.note(await storedLine(place, imported));
  const trainingFrom = io.now();
  const result = await train(place, io);
  if (result.manifest === null) {
    throw new ApiError("NOT_READY", {
      detail:
        "The first training published nothing; recsys pipelines run --force shows why.",
    });
  }
  const seconds = (io.now() - trainingFrom) / 1000;
  io.note(`trained and published in ${seconds.toFixed(1)} s`);
  return {
    place: { ...place, tenant: await ensureTenant(platform) },
    imported,
  };
}

/** What is stored now; some lines come twice in the set and are one purchase. */
async function storedLine(
  { platform, tenant, namespace }: Place,
  { tally, timeOffsetDays }: ImportReport,
): Promise<string> {
  const days = await platform.store.inTenant(tenant.tenantId, (tx) =>
    eventDays(tx, namespace),
  );
  const purchases = days.reduce((sum, day) => sum + day.rows, 0);
  const items = tally.accepted.item + tally.duplicate.item;
  return `${purchases.toLocaleString("en")} purchases and ${items.toLocaleString("en")} items, moved forward by ${timeOffsetDays / 7} weeks`;
}

/** Short, so that a start after a Ctrl-C in the middle of training waits little. */
const LEASE_SECONDS = 10;
const LOOK_AGAIN_MS = 1_000;

async function train(place: Place, io: Io): Promise<PipelineResult> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      if (isFirst) io.note("training …");
      return await runHere(io, place, {
        asOf: io.now(),
        trigger: "demo",
        leaseSeconds: LEASE_SECONDS,
        tellJobs: true,
      });
    } catch (error) {
      const isBusy =
        error instanceof ApiError && error.code === "ALREADY_RUNNING";
      if (!isBusy) throw error;
      if (isFirst) io.note("waiting for a run that was interrupted …");
      await orStopped(io, pause(LOOK_AGAIN_MS));
    }
  }
}

async function ensureTenant({ store }: Platform): Promise<Tenant> {
  return store.tenantless(async (db) => {
    const found = await findTenant(db, DEMO_TENANT);
    if (found !== null) return found;
    return createTenant(db, {
      tenantId: DEMO_TENANT,
      name: "Online Retail",
      servingMode: "artifact",
    });
  });
}

async function hasManifest({
  platform,
  tenant,
  namespace,
}: Place): Promise<boolean> {
  const live = await platform.store.inTenant(tenant.tenantId, (tx) =>
    pointer(tx, namespace, "manifest"),
  );
  return live !== null;
}

async function importDemo(place: Place, io: Io): Promise<ImportReport> {
  const folder = join(place.platform.home, "imports");
  mkdirSync(folder, { recursive: true });
  const progress = createProgress(io, "import", { quarters: true });
  try {
    return await runImport({
      adapter: "online-retail",
      paths: [demoFolder()],
      target: importTarget(place),
      shiftToNow: true,
      batchRows: 5_000,
      errorFile: join(folder, "demo.errors.jsonl"),
      evidenceFile: join(folder, "demo.evidence.json"),
      progressFolder: folder,
      signal: io.signal,
      clock: () => io.now(),
      onProgress: ({ bytesRead, bytes, tally }) => {
        progress.update(
          bytesRead,
          bytes,
          `${tally.rows.toLocaleString("en")} rows`,
        );
      },
    });
  } finally {
    progress.stop();
  }
}

/** The set lies in the repository, and in the published package beside `src`. */
function demoFolder(): string {
  const found = ["../examples/online-retail", "../../../examples/online-retail"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new ApiError("NOT_FOUND", {
    detail:
      "The folder examples/online-retail is missing from this installation.",
    fix: "Install again, or start without --demo.",
  });
}
