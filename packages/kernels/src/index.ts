export { allocateShared, loadArtifact } from "./load-artifact.ts";
export { plainKernels } from "./plain-kernels.ts";
