import { createHash } from "node:crypto";
import { ApiError, type ContentHash } from "@recsys/contracts";

/**
 * Immutable bytes named by their SHA-256. What is read back is verified; what
 * does not match its name is an ApiError ARTIFACT_INVALID, never bytes.
 */
export interface ObjectStore {
  /** Stores the bytes in one step; storing the same bytes again changes nothing. */
  put(bytes: Uint8Array): Promise<ContentHash>;
  /** Reads an object into memory that `allocate` provides (its own unless given). */
  get(
    hash: ContentHash,
    allocate?: (byteLength: number) => Uint8Array,
  ): Promise<Uint8Array>;
  has(hash: ContentHash): Promise<boolean>;
  /** Reads all of an object, keeps none of it, and says whether it is what its name promises. */
  check(hash: ContentHash): Promise<ObjectState>;
  /** Removes an object; nothing happens when there is none. */
  remove(hash: ContentHash): Promise<void>;
  /** All objects with their sizes in bytes, in no promised order. */
  list(): AsyncIterable<{ readonly hash: ContentHash; readonly bytes: number }>;
}

export type ObjectState = "whole" | "missing" | "damaged";

/** Objects are moved in pieces of this size. */
export const CHUNK_BYTES = 1_048_576;

export function hashOf(bytes: Uint8Array): ContentHash {
  return createHash("sha256").update(bytes).digest("hex") as ContentHash;
}

/** Refuses anything but a hash, before it becomes part of a path. */
export function requireHash(hash: string): ContentHash {
  if (/^[0-9a-f]{64}$/.test(hash)) return hash as ContentHash;
  throw invalidObject(hash, "this is not the name of an object");
}

export function invalidObject(hash: string, why: string): ApiError {
  return new ApiError("ARTIFACT_INVALID", {
    detail: `Object ${hash.slice(0, 12)}…: ${why}.`,
  });
}

/** What takes the pieces of an object in order; throws ARTIFACT_INVALID for an object that is not its name's. */
export interface Sink<T> {
  add(piece: Uint8Array): void;
  finish(): T;
}

/** Computes the hash of an object of so many bytes and keeps nothing. */
export function verifying(hash: ContentHash, size: number): Sink<void> {
  const digest = createHash("sha256");
  let seen = 0;
  return {
    add(piece) {
      if (seen + piece.length > size) {
        throw invalidObject(hash, "it is longer than recorded");
      }
      digest.update(piece);
      seen += piece.length;
    },
    finish() {
      if (seen !== size) {
        throw invalidObject(hash, `${size - seen} bytes are missing`);
      }
      if (digest.digest("hex") !== hash) {
        throw invalidObject(hash, "its bytes do not match its name");
      }
    },
  };
}

/**
 * Puts the pieces of an object together while its hash is computed. Shared
 * memory cannot be hashed in place, so each piece is hashed before it is copied.
 */
export function assembling(
  hash: ContentHash,
  target: Uint8Array,
): Sink<Uint8Array> {
  const verified = verifying(hash, target.length);
  let filled = 0;
  return {
    add(piece) {
      verified.add(piece);
      target.set(piece, filled);
      filled += piece.length;
    },
    finish() {
      verified.finish();
      return target;
    },
  };
}
