import { SETTINGS, textSetting, type MoreSettings } from "@recsys/service";

/** Settings of the command line beside those of the service. */
export const CLI_SETTINGS = {
  tenant: textSetting({
    name: "RECSYS_TENANT",
    default: null,
    description: "tenant of commands that name none with --tenant",
  }),
  apiKey: textSetting({
    name: "RECSYS_API_KEY",
    default: null,
    secret: true,
    description: "key of commands that talk to a running service (--url)",
  }),
} as const;

/** What the generated documents say about them. */
export const CLI_PAGE: MoreSettings = {
  title: "The command line",
  intro: "`recsys` reads all of the above, and these.",
  settings: Object.values(CLI_SETTINGS),
};

const KNOWN = [...Object.values(SETTINGS), ...Object.values(CLI_SETTINGS)].map(
  ({ name }) => name,
);

/** One line for each variable that looks like a setting and is none: a misspelt one would do nothing without a word. */
export function unknownSettings(
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith("RECSYS_") && !isKnown(name))
    .sort()
    .map((name) => {
      const near = nearest(name);
      return near === null
        ? `${name} is not a setting; recsys config settings lists them all`
        : `${name} is not a setting; did you mean ${near}?`;
    });
}

/** Those of the product's own tests are none of the product. */
function isKnown(name: string): boolean {
  return KNOWN.includes(name) || name.startsWith("RECSYS_TEST_");
}

function nearest(name: string): string | null {
  const byDistance = KNOWN.map((known) => ({
    known,
    distance: distance(name, known),
  })).sort((a, b) => a.distance - b.distance);
  const [best] = byDistance;
  const most = Math.ceil((name.length - "RECSYS_".length) / 2);
  return best !== undefined && best.distance <= most ? best.known : null;
}

/** Letters to insert, delete or exchange on the way from one to the other (Levenshtein 1966). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [line, letter] of Array.from(from).entries()) {
    const next = [line + 1];
    for (const [at, other] of Array.from(to).entries()) {
      const exchanged = (row[at] ?? 0) + (letter === other ? 0 : 1);
      const shorter = (row[at + 1] ?? 0) + 1;
      const longer = (next[at] ?? 0) + 1;
      next.push(Math.min(exchanged, shorter, longer));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
