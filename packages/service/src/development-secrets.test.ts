import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { withSecrets } from "./development-secrets.ts";

test.each(["", "below"])(
  "a home that is a file, or lies in one (%j), is a mistake in the settings",
  async (below) => {
    const folder = mkdtempSync(join(tmpdir(), "recsys-home-"));
    const file = join(folder, "file");
    writeFileSync(file, "");
    const config = readConfig({ RECSYS_HOME: join(file, below) });
    await expect(withSecrets(config)).rejects.toMatchObject({
      name: "ConfigError",
      mistakes: [
        `RECSYS_HOME is to be a directory and is a file, or lies in one: ${JSON.stringify(config.home)}`,
      ],
    });
    rmSync(folder, { recursive: true });
  },
);
