import { Icon } from './icon.js';

interface HeartButtonProps {
  readonly title: string;
  readonly on: boolean;
  readonly onToggle: () => void;
}

export function HeartButton({ title, on, onToggle }: HeartButtonProps) {
  return (
    <button
      type="button"
      className="icon-button heart"
      aria-pressed={on}
      aria-label={`Favourite ${title}`}
      title={on ? 'In your favourites' : 'Favourite'}
      onClick={onToggle}
    >
      <Icon name="heart" />
    </button>
  );
}
