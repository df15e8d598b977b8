/** Who must agree: so many distinct people with one of these roles. */
export interface Clause {
  readonly id: string;
  readonly anyOf: readonly string[];
  readonly required: number;
  readonly distinctFromAuthor: boolean;
}

/** What a Change needs before it may be applied. */
export interface ApprovalPolicy {
  readonly name: string;
  readonly description: string;
  readonly clauses: readonly Clause[];
}

/** The built-in policy: no clause, so every Change is approved as it comes. The same row is in the first migration. */
export const AUTO_POLICY: ApprovalPolicy = {
  name: "auto",
  description:
    "Applied at once: no clause. In force until review policies take its place.",
  clauses: [],
};
