import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DecisionRecord, ExportedDecision } from "@recsys/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDuckDb, sqlText } from "../duckdb.ts";
import { writeDecisionsParquet } from "./decisions-parquet.ts";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recsys-export-"));
  path = join(folder, "it's decisions.parquet");
});
afterEach(() => rm(folder, { recursive: true }));

const NOON = Date.UTC(2026, 5, 30, 12);

function decision(n: number, more: Partial<DecisionRecord> = {}) {
  const record: DecisionRecord = {
    schema: 1,
    request_id: `r${n}`,
    tenant: "acme",
    namespace: "default",
    now: NOON,
    seed: 7,
    subject: "hash",
    request: {
      route: "recommend",
      surface: "home",
      k: 2,
      segment: null,
      anchors: [],
      include: null,
      exclude: [],
      shown: [],
      constraints: {},
      context: {},
      experimentKnobs: {},
      requestKnobs: {},
      whyNot: [],
    },
    user_state: { events: [], traits: {}, consent: "unknown", bucket_key: "" },
    versions: {
      algo_version: "1",
      node_major: 24,
      config_version: "1-aa",
      tenant_config_version: "0-00",
      rules_version: "2-bb",
      fallbacks_version: "0-00",
      experiments_version: "0-00",
      manifest_version: null,
      models: {},
      snapshot_revision: "r1",
      catalogue_revision: 12,
    },
    sources: [],
    stages: [],
    features: [],
    slate: ["a", "b"].map((item_id, at) => ({
      item_id,
      rank: at + 1,
      score: 0.3 / (at + 1),
      reasons: [],
      features: [],
      propensity: 1,
    })),
    degraded: [{ part: "user_state", reason: "late" }],
    warnings: [],
    experiments: [],
    timings_ms: {},
    ...more,
  };
  const row: ExportedDecision = {
    record,
    decidedAt: NOON + n,
    shippedAt: NOON + 1000,
    contaminated: false,
  };
  return row;
}

async function* all(rows: Iterable<ExportedDecision>) {
  for (const row of rows) {
    await Promise.resolve();
    yield row;
  }
}

async function read(sql: string) {
  const duck = await openDuckDb();
  try {
    return await duck.rows(sql.replace("FILE", sqlText(path)));
  } finally {
    duck.close();
  }
}

describe("decisions as Parquet", () => {
  it("have a column for what people ask for, and the whole record beside", async () => {
    const one = decision(1, { timings_ms: { rank: 0.1 + 0.2 } });
    expect(await writeDecisionsParquet(all([one]), path)).toBe(1);
    const [row] = await read(
      `select request_id, decided_at = timestamp '2026-06-30 12:00:00.001' as at,
              segment, k, item_ids[2] as second, scores[1] as score,
              propensities[2] as chance, degraded[1] as part, manifest_version,
              record
         from FILE`,
    );
    const { record, ...columns } = row ?? {};
    expect(columns).toEqual({
      request_id: "r1",
      at: true,
      segment: null,
      k: 2,
      second: "b",
      score: 0.3,
      chance: 1,
      part: "user_state",
      manifest_version: null,
    });
    expect(record).toBe(JSON.stringify(one.record));
  });

  it("come in the order given, however many, and leave nothing beside the file", async () => {
    // More than two parts' worth of text.
    const subject = "x".repeat(4000);
    const rows = Array.from({ length: 5000 }, (_, n) =>
      decision(n, { subject }),
    );
    expect(await writeDecisionsParquet(all(rows), path)).toBe(5000);
    const ids = await read("select request_id from FILE");
    expect(ids.map((row) => row["request_id"])).toEqual(
      rows.map(({ record }) => record.request_id),
    );
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("may be none", async () => {
    expect(await writeDecisionsParquet(all([]), path)).toBe(0);
    expect(await read("select count(*)::int as rows from FILE")).toEqual([
      { rows: 0 },
    ]);
  });

  it("leave no file when reading them fails", async () => {
    async function* failing() {
      yield decision(1);
      await Promise.resolve();
      throw new Error("the database went away");
    }
    await expect(writeDecisionsParquet(failing(), path)).rejects.toThrow(
      "went away",
    );
    expect(await readdir(folder)).toEqual([]);
  });
});
