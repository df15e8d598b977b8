import { ApiError } from "@recsys/contracts";
import { findUpload, listUploadErrors, stuckUploads } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import {
  ERRORS_KEPT,
  STUCK_AFTER_MINUTES,
} from "../../uploads/upload-runner.ts";
import { closed, placeOf } from "../shapes.ts";
import { toWire, UploadShape } from "./shapes.ts";

const ERRORS_SHOWN = 1000;

/** GET /v1/uploads/:upload_id */
export const readUploadRoute = readRoute({
  name: "readUpload",
  method: "GET",
  url: "/v1/uploads/:upload_id",
  permission: "uploads:write",
  tag: "uploads",
  summary: "State, counts and rejected rows of one upload.",
  params: closed({ upload_id: Type.String({ format: "uuid" }) }),
  query: closed({
    after_row: Type.Optional(placeOf(-1, "errors after this row")),
  }),
  answer: Type.Object({
    upload: UploadShape,
    errors: Type.Array(Type.Object({ row: Type.Integer() })),
    errors_not_kept: Type.Integer({
      description: `rejected rows beyond the first ${ERRORS_KEPT}: counted, without their reasons`,
    }),
  }),
  errors: ["NOT_FOUND"],
  handle: async ({ context, caller, params, query }) => {
    const id = params.upload_id;
    const after = { row: query.after_row ?? -1, limit: ERRORS_SHOWN };
    const found = await context.store.inTenant(caller.tenant, async (tx) => {
      const upload = await findUpload(tx, id);
      if (upload === null) {
        throw new ApiError("NOT_FOUND", {
          detail: `There is no upload ${id}.`,
          fix: "GET /v1/uploads lists them.",
        });
      }
      await stuckUploads(tx, upload.namespace, STUCK_AFTER_MINUTES);
      return {
        upload: (await findUpload(tx, id)) ?? upload,
        errors: await listUploadErrors(tx, id, after),
      };
    });
    const { upload, errors } = found;
    return {
      body: {
        upload: toWire(upload),
        errors,
        errors_not_kept: Math.max(0, upload.rejected - ERRORS_KEPT),
      },
    };
  },
});
