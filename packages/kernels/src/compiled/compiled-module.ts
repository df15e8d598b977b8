import { existsSync, readFileSync } from "node:fs";

let known: WebAssembly.Module | null | undefined;

/** The compiled kernels, read once; null where they were not built or the engine cannot run them. */
export function compiledModule(): WebAssembly.Module | null {
  known ??= load(new URL("../../dist/kernels.wasm", import.meta.url));
  return known;
}

function load(file: URL): WebAssembly.Module | null {
  if (!existsSync(file)) return null;
  const bytes = new Uint8Array(readFileSync(file));
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}
