import { startServer } from "../../src/index.ts";

// A product process in tests: joins the server of a home, says so, and leaves when its input ends.
const [home = ""] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
try {
  const server = await startServer({
    home,
    log: (note) => say({ note }),
  });
  say({ appUrl: server.appUrl, ownerUrl: server.ownerUrl, port: server.port });
  process.stdin.resume();
  process.stdin.once("end", () => {
    void server.leave().then(() => {
      process.exit(0);
    });
  });
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  say({ code, message });
  process.exitCode = 1;
}
