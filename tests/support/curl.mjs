#!/usr/bin/env node
// Stands in for curl where there is none, with the options that the guides use.
import { readFileSync } from "node:fs";

const bodyOf = (word) =>
  word.startsWith("@") ? readFileSync(word.slice(1), "utf8") : word;
const options = { method: undefined, headers: {}, body: undefined, url: "" };
const args = process.argv.slice(2);
while (args.length > 0) {
  const word = args.shift();
  if (word === "-H") {
    const [name, ...rest] = args.shift().split(":");
    options.headers[name] = rest.join(":").trim();
  } else if (word === "-d" || word === "--data-binary")
    options.body = bodyOf(args.shift());
  else if (word === "-X") options.method = args.shift();
  else if (!word.startsWith("-")) options.url = word;
}
const answer = await fetch(options.url, {
  method: options.method ?? (options.body === undefined ? "GET" : "POST"),
  headers: options.headers,
  body: options.body,
});
process.stdout.write(await answer.text());
if (!answer.ok) {
  process.stderr.write(`curl: the server answered ${answer.status}\n`);
  process.exitCode = 22;
}
