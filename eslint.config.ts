import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const pure = "packages/{ranking,learning,evaluation,governance}/src/**/*.ts";
const tests = "**/*.{test,contract}.{ts,tsx}";

/** Constructs that no file may use; each message says what to do instead. */
const bannedEverywhere = [
  {
    selector: "ExportDefaultDeclaration",
    message: "Export by name, so that one thing has one name everywhere.",
  },
  {
    selector: "ExportAllDeclaration",
    message: "List what the package exports, so that readers see its face.",
  },
];

const environmentOnlyInConfig = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message:
    "Settings enter through config.ts once and are passed as parameters.",
};

const bannedInPurePackages = [
  {
    selector:
      "MemberExpression[object.name='Math'][property.name='random'], MemberExpression[object.name='Date'][property.name='now']",
    message: "Time and randomness are parameters of a pure package.",
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "Pass the time in: a pure package has no clock.",
  },
];

export default defineConfig(
  {
    ignores: [
      "**/node_modules/**",
      "**/dist/**",
      "coverage/**",
      ".recsys/**",
      "packages/kernels/assembly/**",
    ],
  },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
    ],
    languageOptions: {
      parserOptions: { projectService: true },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/consistent-type-imports": "error",
      "max-params": ["error", 3],
      "max-lines": ["error", 300],
      "max-lines-per-function": [
        "error",
        { max: 60, skipBlankLines: true, skipComments: true },
      ],
      eqeqeq: "error",
      "no-restricted-syntax": [
        "error",
        ...bannedEverywhere,
        environmentOnlyInConfig,
      ],
    },
  },
  {
    files: ["**/config.ts", tests, "tests/**/*.ts", "benchmarks/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...bannedEverywhere] },
  },
  {
    files: [pure],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...bannedEverywhere,
        environmentOnlyInConfig,
        ...bannedInPurePackages,
      ],
      "no-restricted-globals": [
        "error",
        "fetch",
        "process",
        "setTimeout",
        "setInterval",
        "queueMicrotask",
      ],
    },
  },
  {
    // A describe block is a list of cases, not a function to be kept short.
    files: [tests, "**/test/**/*.ts", "tests/**/*.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    // Tools read a default export from their configuration files.
    files: ["*.config.ts", "apps/*/*.config.ts", "tests/*-setup.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.mjs", "**/*.cjs"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        URL: "readonly",
        Buffer: "readonly",
        fetch: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
      },
    },
  },
);
