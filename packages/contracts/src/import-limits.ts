/** The largest file that an import or an upload takes unless settings say otherwise; megabytes are of 2^20 bytes, unpacked. */
export const IMPORT_LIMITS = { megabytes: 16_384, rows: 100_000_000 } as const;
