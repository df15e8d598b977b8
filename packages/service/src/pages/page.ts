/** Something to read, for terminals and as HTML: the same facts in both. */
export interface Page {
  readonly title: string;
  /** One paragraph under the title. */
  readonly lead: string;
  readonly sections: readonly PageSection[];
}

export interface PageSection {
  readonly title: string;
  readonly paragraphs?: readonly string[];
  readonly table?: {
    readonly headings: readonly string[];
    readonly rows: readonly (readonly (string | number | null)[])[];
  };
}
