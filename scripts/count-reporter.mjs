// How many tests passed, failed and were skipped, for verify.mjs: JSON in the file that VERIFY_COUNTS names.
import { writeFileSync } from "node:fs";

export default class CountReporter {
  onTestRunEnd(modules) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      const before = counts.failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state in counts) counts[state]++;
      }
      // A file that fails to load or does not end has no failed test of its own.
      const isBroken = !["passed", "skipped"].includes(module.state());
      if (isBroken && counts.failed === before) counts.failed++;
    }
    writeFileSync(process.env.VERIFY_COUNTS, JSON.stringify(counts));
  }
}
