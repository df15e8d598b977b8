import { randomBytes } from "node:crypto";
import { ApiError, DAY_MS, ROLES, type Role } from "@recsys/contracts";
import { keyDigest } from "@recsys/service";
import { issueKey, listKeys, revokeKey } from "@recsys/store";
import { Command, Option } from "commander";
import { withJson, type Cli, type JsonOption } from "../command.ts";
import { positiveInteger, timeText, uuid } from "../arguments.ts";
import { EXIT } from "../io.ts";
import { audit } from "../audit.ts";
import { onPlatform } from "../platform.ts";
import { textTable } from "../text-table.ts";

export function keysCommand(cli: Cli): Command {
  return new Command("keys")
    .description("Issue, list and revoke API keys.")
    .addCommand(issue(cli))
    .addCommand(list(cli))
    .addCommand(revoke(cli));
}

interface IssueOptions {
  readonly tenant?: string;
  readonly role: Role;
  readonly name: string;
  readonly days?: number;
}

function issue(cli: Cli): Command {
  return new Command("issue")
    .description("Make a key and print it once; only its HMAC is stored.")
    .option("--tenant <name>", "tenant that the key belongs to")
    .addOption(
      new Option("--role <role>", "what it may do")
        .choices(ROLES)
        .default("viewer"),
    )
    .requiredOption("--name <text>", "who uses it")
    .option(
      "--days <number>",
      "days until it expires; unset: until revoked",
      positiveInteger,
    )
    .action(
      cli.action((options: IssueOptions) =>
        onPlatform(cli, async (platform) => {
          const { tenantId } = await platform.tenant(options);
          const key = `rsk_${randomBytes(32).toString("base64url")}`;
          const { keyId } = await platform.store.tenantless((db) =>
            issueKey(db, {
              tenant: tenantId,
              role: options.role,
              name: options.name,
              digest: keyDigest(platform.config.apiKeyHashSecret, key),
              expiresAt: expiry(options.days, cli.io.now()),
            }),
          );
          await audit(platform, tenantId, {
            action: "key.issue",
            subject: keyId,
          });
          cli.io.out(key);
          cli.io.note(
            `Key of tenant ${tenantId}, role ${options.role}. It is shown this once: keep it.`,
          );
          return EXIT.ok;
        }),
      ),
    );
}

function list(cli: Cli): Command {
  return withJson(new Command("list"))
    .description(
      "List the keys of a tenant; the keys themselves are not known.",
    )
    .option("--tenant <name>", "tenant that the keys belong to")
    .action(
      cli.action((options: JsonOption & { readonly tenant?: string }) =>
        onPlatform(cli, async (platform) => {
          const { tenantId } = await platform.tenant(options);
          const keys = await platform.store.tenantless((db) =>
            listKeys(db, tenantId),
          );
          const rows = keys.map((key) => ({
            key_id: key.keyId,
            role: key.role,
            name: key.name,
            created: timeText(key.createdAt),
            expires: timeText(key.expiresAt),
            revoked: timeText(key.revokedAt),
          }));
          if (options.json === true) cli.io.out(JSON.stringify(rows));
          else {
            const table = textTable(
              ["key_id", "role", "name", "created", "expires", "revoked"],
              rows.map((row) => Object.values(row)),
            );
            for (const line of table) cli.io.out(line);
          }
          return EXIT.ok;
        }),
      ),
    );
}

function revoke(cli: Cli): Command {
  return new Command("revoke")
    .description("Revoke a key; replicas refuse it within seconds.")
    .argument("<key_id>", "from recsys keys list", uuid)
    .option("--tenant <name>", "tenant that the key belongs to")
    .action(
      cli.action((keyId: string, options: { readonly tenant?: string }) =>
        onPlatform(cli, async (platform) => {
          const { tenantId } = await platform.tenant(options);
          const isRevoked = await platform.store.tenantless((db) =>
            revokeKey(db, tenantId, keyId),
          );
          if (!isRevoked) {
            throw new ApiError("NOT_FOUND", {
              detail: `Tenant ${tenantId} has no key ${keyId} in force.`,
              fix: "`recsys keys list` shows those there are.",
            });
          }
          await audit(platform, tenantId, {
            action: "key.revoke",
            subject: keyId,
          });
          cli.io.out(`key ${keyId} of tenant ${tenantId} is revoked`);
          return EXIT.ok;
        }),
      ),
    );
}

function expiry(days: number | undefined, now: number): number | null {
  return days === undefined ? null : now + days * DAY_MS;
}
