export { allocateShared, loadArtifact } from "./load-artifact.ts";
export { openKernels, type OpenKernels } from "./open-kernels.ts";
export { plainKernels } from "./plain/plain-kernels.ts";
