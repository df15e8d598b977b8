import { decodeUtf8, type ContentHash } from "@recsys/contracts";
import type { ObjectStore } from "@recsys/store";

/** A JSON document of the object store, null when it is not there or not whole. Its hash vouches for its shape: only this package writes them. */
export async function jsonObject<T>(
  objects: ObjectStore,
  hash: string,
): Promise<T | null> {
  const name = hash as ContentHash;
  if ((await objects.check(name)) !== "whole") return null;
  return JSON.parse(decodeUtf8(await objects.get(name))) as T;
}
