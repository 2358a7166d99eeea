import type { EstimateGenerationQuery, JobFieldsFragment } from '../generated/graphql.js';

type Estimate = Pick<
  EstimateGenerationQuery['estimateGeneration'],
  'amount' | 'leftToday' | 'affordable' | 'currency'
>;

/** What pictures would cost, said before they are asked for. */
export function estimateText({ amount, leftToday, affordable, currency }: Estimate): string {
  if (amount === 0) return 'Costs nothing.';
  const [most, left] = [money(amount, currency), money(leftToday, currency)];
  return affordable
    ? `Costs ${most} at most; ${left} of today’s budget is left.`
    : `Costs up to ${most}, but only ${left} of today’s budget is left.`;
}

/** What a run has cost; null where it was free. */
export function costText({
  reserved,
  charged,
  refunded,
  currency,
}: JobFieldsFragment['cost']): string | null {
  if (reserved === 0) return null;
  if (charged === 0 && refunded === 0) return `${money(reserved, currency)} set aside`;
  const back = refunded > 0 ? `, ${money(refunded, currency)} came back` : '';
  return `Cost ${charged === 0 ? 'nothing' : money(charged, currency)}${back}`;
}

/** Pictures cost fractions of a cent, too: as many digits as it takes, at least two. */
function money(amount: number, currency: string): string {
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: 4,
  }).format(amount);
}
