import type { MakeCommand } from "../command.ts";
import { auditCommand } from "./audit.ts";
import { backupCommand, restoreCommand } from "./backup.ts";
import { banditsCommand } from "./bandits.ts";
import { configCommand } from "./config.ts";
import { debugCommand } from "./debug.ts";
import { doctorCommand } from "./doctor.ts";
import { evalCommand } from "./eval.ts";
import { importCommand } from "./import.ts";
import { keysCommand } from "./keys.ts";
import { manifestCommand } from "./manifest.ts";
import { migrateCommand } from "./migrate.ts";
import { namespaceCommand } from "./namespace.ts";
import { pipelinesCommand } from "./pipelines.ts";
import { replayCommand } from "./replay.ts";
import { serveCommand } from "./serve.ts";
import { tenantsCommand } from "./tenants.ts";
import { upCommand } from "./up.ts";
import { versionCommand } from "./version.ts";
import { workerCommand } from "./worker.ts";

/** Every command, in the order of `recsys --help`. */
export const COMMANDS: readonly MakeCommand[] = [
  upCommand,
  serveCommand,
  workerCommand,
  migrateCommand,
  importCommand,
  pipelinesCommand,
  manifestCommand,
  evalCommand,
  replayCommand,
  auditCommand,
  debugCommand,
  configCommand,
  banditsCommand,
  namespaceCommand,
  tenantsCommand,
  keysCommand,
  backupCommand,
  restoreCommand,
  doctorCommand,
  versionCommand,
];
