import { openStore } from "@recsys/store";
import { workOffBandits } from "../src/index.ts";

/** A process that counts the draws of bandits, two in a transaction, until it is done or killed. */
const [appUrl = "", now = "0"] = process.argv.slice(2);
const store = openStore({ appUrl });
await workOffBandits({
  store,
  worker: `counting:${process.pid}`,
  clock: () => Number(now),
  batchRows: 2,
});
await store.close();
