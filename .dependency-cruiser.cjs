const pure = "^packages/(ranking|learning|evaluation|governance)/";
const notTests = "[.](test|contract)[.]tsx?$";

/** The direction of imports, as docs/architecture.md draws it. */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "contracts-import-nothing-of-ours",
      severity: "error",
      from: { path: "^packages/contracts/" },
      to: { path: "^(packages|apps)/", pathNot: "^packages/contracts/" },
    },
    {
      name: "pure-packages-import-only-contracts",
      severity: "error",
      from: { path: pure, pathNot: notTests },
      to: {
        path: "^(packages|apps)/",
        pathNot: ["^packages/contracts/", "^packages/$1/"],
      },
    },
    {
      name: "pure-packages-import-no-node-modules",
      severity: "error",
      from: {
        path: "^packages/(contracts|ranking|learning|evaluation|governance)/",
        pathNot: notTests,
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "kernels-import-only-contracts",
      severity: "error",
      from: { path: "^packages/kernels/" },
      to: {
        path: "^(packages|apps)/",
        pathNot: ["^packages/contracts/", "^packages/kernels/"],
      },
    },
    {
      name: "store-imports-contracts-and-types-of-the-pure-ones",
      severity: "error",
      from: { path: "^packages/store/" },
      to: {
        path: "^(packages|apps)/",
        pathNot: ["^packages/contracts/", "^packages/store/"],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "service-and-pipelines-do-not-import-each-other",
      severity: "error",
      from: { path: "^packages/(service|pipelines)/" },
      to: {
        path: "^packages/(service|pipelines)/",
        pathNot: "^packages/$1/",
      },
    },
    {
      name: "client-imports-only-contracts",
      severity: "error",
      from: { path: "^packages/client/" },
      to: {
        path: "^(packages|apps)/",
        pathNot: ["^packages/contracts/", "^packages/client/"],
      },
    },
    {
      name: "console-imports-only-client-and-contracts",
      severity: "error",
      from: { path: "^apps/console/" },
      to: {
        path: "^(packages|apps)/",
        pathNot: ["^packages/(client|contracts)/", "^apps/console/"],
      },
    },
    {
      name: "packages-never-import-apps",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^apps/" },
    },
    {
      name: "apps-never-import-apps",
      severity: "error",
      from: { path: "^apps/([^/]+)/" },
      to: { path: "^apps/", pathNot: "^apps/$1/" },
    },
    {
      name: "a-package-is-entered-by-its-door",
      severity: "error",
      from: { path: "^(packages|apps|tests|benchmarks)/([^/]+)" },
      to: {
        path: "^packages/[^/]+/src/",
        pathNot: ["^packages/[^/]+/src/index[.]ts$", "^packages/$2/"],
      },
    },
    {
      name: "no-import-outside-package-json",
      severity: "error",
      from: { path: "^(packages|apps)/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(node_modules|dist|coverage)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json"],
    },
  },
};
