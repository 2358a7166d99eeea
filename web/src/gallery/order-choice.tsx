import type { GalleryOrder } from '../generated/graphql.js';

const ORDERS: readonly (readonly [GalleryOrder, string])[] = [
  ['NEWEST', 'Newest'],
  ['FOR_YOU', 'For you'],
  ['TOP_RATED', 'Best rated'],
  ['MOST_FAVOURITED', 'Most liked'],
];

interface OrderChoiceProps {
  readonly order: GalleryOrder | null;
  readonly onChange: (order: GalleryOrder) => void;
}

export function OrderChoice({ order, onChange }: OrderChoiceProps) {
  return (
    <select
      className="input slim-select"
      aria-label="Order"
      value={order ?? 'NEWEST'}
      onChange={(event) => onChange(event.target.value as GalleryOrder)}
    >
      {ORDERS.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
