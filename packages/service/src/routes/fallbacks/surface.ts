import { SlugName } from "@recsys/contracts";
import { closed } from "../shapes.ts";

/** The part of the path that names a surface. */
export const SurfaceParams = closed({ surface: SlugName });
