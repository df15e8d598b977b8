import { join } from "node:path";
import { fsObjects, openStore } from "@recsys/store";
import {
  createLog,
  createService,
  readConfig,
  withSecrets,
} from "../src/index.ts";

/**
 * A process that answers itself with lists and prints the request_id of each
 * answer that was acknowledged as logged, until it is killed.
 */
const [home = "", appUrl = ""] = process.argv.slice(2);
const config = await withSecrets(
  readConfig({ RECSYS_HOME: home, LOG_LEVEL: "silent" }),
);
const service = createService({
  store: openStore({ appUrl }),
  objectsFor: () => fsObjects(join(config.home, "objects")),
  config,
  log: createLog(config),
  version: "0.0.0-test",
});
await service.open();
for (let i = 0; ; i++) {
  const answer = await service.app.inject({
    method: "POST",
    url: "/v1/recommend",
    headers: { "x-org-id": "demo", "content-type": "application/json" },
    payload: JSON.stringify({
      surface: "home",
      k: 5,
      user: { user_id: `user-${i % 3}` },
    }),
  });
  const { meta } = answer.json<{
    meta: { request_id: string; logged: boolean };
  }>();
  if (meta.logged) process.stdout.write(`${meta.request_id}\n`);
}
