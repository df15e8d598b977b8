import type { Upload } from "@recsys/store";
import Type from "typebox";
import { toTime } from "../shapes.ts";

/** An upload as the API shows it. */
export const UploadShape = Type.Object({
  upload_id: Type.String(),
  namespace: Type.String(),
  kind: Type.String(),
  format: Type.String(),
  state: Type.String({
    description: "received, validating, loading, done, failed or stuck",
  }),
  rows_read: Type.Integer(),
  accepted: Type.Integer(),
  duplicate: Type.Integer(),
  rejected: Type.Integer(),
});

export function toWire(upload: Upload): Record<string, unknown> {
  return {
    upload_id: upload.uploadId,
    namespace: upload.namespace,
    kind: upload.kind,
    format: upload.format,
    state: upload.state,
    probe: upload.probe,
    bytes_total: upload.bytesTotal,
    bytes_read: upload.bytesRead,
    rows_read: upload.rowsRead,
    accepted: upload.accepted,
    duplicate: upload.duplicate,
    rejected: upload.rejected,
    evidence: upload.evidence,
    error: upload.error,
    created_by: upload.createdBy,
    created_at: toTime(upload.createdAt),
    heartbeat_at: toTime(upload.heartbeatAt),
    finished_at: toTime(upload.finishedAt),
  };
}
