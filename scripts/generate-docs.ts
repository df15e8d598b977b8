import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { referencePages } from "./reference-pages.ts";

const root = join(import.meta.dirname, "..");
for (const page of referencePages()) {
  const text = await format(page.text, { parser: "markdown" });
  writeFileSync(join(root, page.path), text);
  console.log(page.path);
}
