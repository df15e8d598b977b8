/**
 * What each source starts with, before any configuration. The weights were
 * compared on parts of training data (ADR 0008); nothing else in the code
 * knows them. A source without an entry starts with weight 0: adding one changes no list.
 */
export interface SourceDefaults {
  /** Factor of the calibrated signal in the score. */
  readonly weight: number;
  /** How many candidates the source may offer. */
  readonly quota: number;
}

const ABSENT: SourceDefaults = { weight: 0, quota: 100 };

const SOURCE_DEFAULTS: Readonly<Record<string, SourceDefaults>> = {
  pinned: { weight: 0, quota: 50 },
  boosted: { weight: 0, quota: 50 },
  candidates: { weight: 0, quota: 5000 },
  item_knn: { weight: 1, quota: 60 },
  ials: { weight: 2, quota: 60 },
  bought_together: { weight: 0.3, quota: 40 },
  co_visits: { weight: 0, quota: 40 },
  content: { weight: 0.1, quota: 30 },
  popularity: { weight: 0.2, quota: 40 },
  trending: { weight: 0.1, quota: 20 },
  new_items: { weight: 0, quota: 30 },
  // Offers only where the segment has a profile, so that one without weight would be a setting without effect.
  starter: { weight: 1, quota: 60 },
  exploration: { weight: 0, quota: 30 },
  buy_again: { weight: 0, quota: 30 },
};

export function sourceDefaults(name: string): SourceDefaults {
  return SOURCE_DEFAULTS[name] ?? ABSENT;
}
