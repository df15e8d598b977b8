import { sourceDefaults } from "./defaults.ts";
import { FILTERS } from "./eligibility/index.ts";
import { FEATURES } from "./features/index.ts";
import { STAGES } from "./pipeline.ts";
import { SOURCES } from "./sources/index.ts";
import { TERMS } from "./terms/index.ts";

/** The reference page of ranking, made from the stages, sources, filters and features themselves. */
export function rankingMarkdown(): string {
  return [
    "# Ranking",
    "",
    "<!-- Generated from packages/ranking/src by `npm run docs`. -->",
    "",
    "A request becomes a list in these steps; each records what it kept and what it removed, with the reason.",
    "",
    ...stageLines(),
    "",
    "## Sources",
    "",
    "A source proposes items and scores all candidates from 0 to 1. Its weight and quota, and what else it has, are [knobs](knobs.md).",
    "",
    ...sourceLines(),
    "",
    "## Terms",
    "",
    "A term adds to the score of every candidate, whoever offered it, or takes from it: its weight, a knob that is 0 until somebody sets it, times a value from 0 to 1.",
    "",
    ...termLines(),
    "",
    "## Reasons for removal",
    "",
    ...removalLines(),
    "",
    "## Features",
    "",
    "Decision records carry these values of every item listed, and of all candidates in the sampled share.",
    "",
    ...featureLines(),
    "",
  ].join("\n");
}

function stageLines(): string[] {
  return STAGES.map(({ name, does }, i) => `${i + 1}. **${name}**: ${does}`);
}

function sourceLines(): string[] {
  return [
    "| Source | Offers | Signals | Weight | Quota | Reasons in words |",
    "| --- | --- | --- | --- | --- | --- |",
    ...SOURCES.map(({ name, description, needs, reasons }) => {
      const { weight, quota } = sourceDefaults(name);
      const texts = [...new Set(Object.values(reasons))].join("; ");
      return row([
        `\`${name}\``,
        description,
        needs.join(", ") || "none",
        String(weight),
        String(quota),
        texts,
      ]);
    }),
  ];
}

function termLines(): string[] {
  return [
    "| Term | Effect | Value |",
    "| --- | --- | --- |",
    ...TERMS.map(({ name, sign, description }) =>
      row([`\`${name}\``, sign > 0 ? "raises" : "lowers", description]),
    ),
  ];
}

function removalLines(): string[] {
  const ofStages = STAGES.flatMap(({ name, reasons }) =>
    name === "eligibility"
      ? FILTERS.map(({ reason, text }) => row([name, `\`${reason}\``, text]))
      : Object.entries(reasons).map(([reason, text]) =>
          row([name, `\`${reason}\``, text]),
        ),
  );
  return [
    "| Stage | Reason | This item … |",
    "| --- | --- | --- |",
    ...ofStages,
  ];
}

function featureLines(): string[] {
  return [
    "| Feature | Definition | Unit | Owner | Source | Freshness | Default | Null when | Privacy |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...FEATURES.map((feature) =>
      row([
        `\`${feature.name}\``,
        feature.definition,
        feature.unit,
        feature.owner,
        feature.source,
        feature.freshness,
        String(feature.default),
        feature.missing,
        feature.privacy,
      ]),
    ),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
