import { join } from "node:path";
import { announceSome, shipDecisions } from "@recsys/store";
import type { ServiceContext } from "../context.ts";
import { safeError } from "../http/log-error.ts";
import { DecisionLog } from "./decision-log.ts";

const MIB = 1024 * 1024;

/** So many of the decisions that one segment had to set aside are logged one by one. */
const REJECTIONS_LOGGED = 10;

/** The decision log of a service, which ships to its store. */
export function createDecisionLog(
  deps: Pick<ServiceContext, "store" | "config" | "log">,
  parts: Pick<ServiceContext, "metrics" | "clock" | "replica">,
): DecisionLog {
  const { store, config, log } = deps;
  const { metrics, clock, replica } = parts;
  const part = "decision_log";
  return new DecisionLog({
    directory: join(config.home, "spool"),
    maxBytes: config.spoolMaxMb * MIB,
    clock,
    ship: async (tenant, namespace, records) => {
      const { refused, erased } = await store.inTenant(tenant, async (tx) => {
        const shipped = await shipDecisions(tx, namespace, records);
        // Where fatigue counts, other replicas read anew whom a list was shown.
        const people = records.flatMap(({ subject, user_state }) =>
          user_state.impressions === undefined ? [] : (subject ?? []),
        );
        const pseudonyms = [...new Set(people)];
        await announceSome(tx, namespace, { pseudonyms, by: replica });
        return shipped;
      });
      if (erased > 0) metrics.decisions.inc({ result: "erased" }, erased);
      return refused;
    },
    onShipped: (decisions) => {
      metrics.decisions.inc({ result: "shipped" }, decisions);
    },
    onRejected: ({ count, lines }) => {
      metrics.decisions.inc({ result: "rejected" }, count);
      for (const one of lines.slice(0, REJECTIONS_LOGGED)) {
        const { segment, line, reason, requestId: request_id } = one;
        log.error({ part, segment, line, request_id, reason, rejected: count });
      }
    },
    onHeld: (segment, error) => {
      log.error({ part, segment, err: safeError(error) });
    },
    onError: (error) => {
      log.error({ part, err: safeError(error) });
    },
  });
}
