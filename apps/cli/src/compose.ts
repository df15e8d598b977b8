import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { messageOf, toError } from "@recsys/contracts";
import {
  loadUpload,
  runPipeline,
  writeDecisionsParquet,
} from "@recsys/pipelines";
import {
  createLog,
  createService,
  type LoadUpload,
  type RunPipeline,
  type Service,
} from "@recsys/service";
import { listRuns } from "@recsys/store";
import { importLimits, importTarget } from "./import-target.ts";
import type { Io } from "./io.ts";
import type { Platform } from "./platform.ts";
import { productVersion } from "./versions.ts";

/** The service with the pipelines and imports that it is not allowed to know. */
export function composeService(platform: Platform, io: Io): Service {
  const staticDir = consoleFolder();
  return createService({
    ...platform.serving,
    config: platform.config,
    log: createLog(platform.config, {
      write: (line) => {
        io.note(line.trimEnd());
      },
    }),
    version: productVersion(),
    clock: () => io.now(),
    ...(staticDir === undefined ? {} : { staticDir }),
    runPipeline: pipelineStarter(platform, io),
    loadUpload: uploadLoader(platform, io),
    writeParquet: writeDecisionsParquet,
  });
}

/** Starts a run in the background and answers as soon as it is registered. */
function pipelineStarter(platform: Platform, io: Io): RunPipeline {
  return async ({ tenant: name, namespace, jobs, asOf, trigger }) => {
    const tenant = await platform.tenant({ tenant: name });
    await new Promise<void>((resolve, reject) => {
      runPipeline({
        store: platform.store,
        objects: platform.objectsFor(tenant),
        home: platform.home,
        tenant: name,
        namespace,
        asOf: asOf ?? io.now(),
        trigger,
        replayDays: platform.config.replayDays,
        ...(jobs === undefined ? {} : { jobs }),
        // Nothing is reported before the run is registered.
        onProgress: () => {
          resolve();
        },
      }).then(
        () => {
          resolve();
        },
        (error: unknown) => {
          io.note(`pipelines of ${name}: ${messageOf(error)}`);
          reject(toError(error));
        },
      );
    });
    // The lock lets one run at a time happen here, so the newest is this one.
    const page = await platform.store.inTenant(name, (tx) =>
      listRuns(tx, namespace, { limit: 1 }),
    );
    return { runId: page.rows[0]?.runId ?? "" };
  };
}

function uploadLoader(platform: Platform, io: Io): LoadUpload {
  return async (job) => {
    const tenant = await platform.tenant({ tenant: job.tenant });
    const target = importTarget({ platform, tenant, namespace: job.namespace });
    return loadUpload(job, {
      target,
      limits: importLimits(platform.config),
      clock: () => io.now(),
    });
  };
}

/** The built console lies in the repository, and in the published package beside `src`. */
function consoleFolder(): string | undefined {
  return ["../console", "../../console/dist"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(`${path}/index.html`));
}
