import type { RankingData } from '../part.js';
import type { Preference } from './preference.js';

/**
 * Preferences that may be learned from while the rest is held out: history and chosen item lie in what the person is known by, and no
 * rejected item is one that the person is asked for in validation or test. Everything else would tell the answers.
 */
export function trainablePreferences(
  preferences: readonly Preference[],
  { data, train }: { readonly data: RankingData; readonly train: RankingData },
): Preference[] {
  const known = train.sequences.map((sequence) => new Set(sequence));
  const everything = data.sequences.map((sequence) => new Set(sequence));
  return preferences.flatMap((preference) => {
    const own = known[preference.person];
    if (own === undefined || !own.has(preference.chosen)) return [];
    if (!preference.history.every((item) => own.has(item))) return [];
    const all = everything[preference.person];
    const rejected = preference.rejected.filter((item) => own.has(item) || all?.has(item) !== true);
    return rejected.length > 0 ? [{ ...preference, rejected }] : [];
  });
}
