import {
  currentRevision,
  listAcks,
  type Acknowledgement,
  type Revision,
  type TenantTx,
} from "@recsys/store";
import Type, { type Static } from "typebox";
import { GONE_AFTER_SECONDS } from "../../acknowledgements.ts";
import { toTime } from "../shapes.ts";

export const Propagation = Type.Object({
  revision: Type.Union([Type.Integer(), Type.Null()]),
  effective_everywhere: Type.Boolean(),
  replicas: Type.Array(
    Type.Object({
      replica: Type.String(),
      is_self: Type.Boolean({ description: "it is the one that answers" }),
      revision: Type.Integer({ description: "what it serves" }),
      is_current: Type.Boolean(),
      is_gone: Type.Boolean({
        description:
          "without a sign of life for so long that it counts no more",
      }),
      acknowledged_at: Type.String(),
    }),
  ),
});

/** Which revision is live, which each replica serves, and so whether a change is effective everywhere. */
export async function readPropagation(
  tx: TenantTx,
  self: string,
): Promise<Static<typeof Propagation>> {
  const live = await currentRevision(tx.db, tx.tenant);
  const acks = await listAcks(tx);
  const replicas = acks.map((ack) => ({
    replica: ack.replica,
    is_self: ack.replica === self,
    revision: ack.n,
    is_current: isCurrent(ack, live),
    is_gone: isGone(ack),
    acknowledged_at: toTime(ack.at),
  }));
  return {
    revision: live?.n ?? null,
    // Before its first acknowledgement this process does not know.
    effective_everywhere:
      acks.some((ack) => ack.replica === self) &&
      acks.every((ack) => isGone(ack) || isCurrent(ack, live)),
    replicas,
  };
}

function isCurrent(ack: Acknowledgement, live: Revision | null): boolean {
  return ack.incarnation === live?.incarnation && ack.n >= live.n;
}

/** It gives a sign of life every minute. */
function isGone(ack: Acknowledgement): boolean {
  return ack.ageSeconds > GONE_AFTER_SECONDS;
}
