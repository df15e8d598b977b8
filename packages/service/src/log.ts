import { pino, type Logger } from "pino";
import type { ServiceConfig } from "./config.ts";

/** A logger of JSON lines. What it is given holds no personal data; headers and bodies are never given to it. */
export function createLog(
  config: Pick<ServiceConfig, "logLevel">,
  destination?: { write(line: string): void },
): Logger {
  const options = {
    level: config.logLevel,
    base: { pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
