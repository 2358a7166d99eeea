const KEY = 'vitrine.theme';

/** Follows the system until the person chooses. */
export function applyTheme(): void {
  const chosen = localStorage.getItem(KEY);
  if (chosen) document.documentElement.dataset['theme'] = chosen;
}

export function switchTheme(): void {
  const { dataset } = document.documentElement;
  const dark =
    dataset['theme'] ?? (window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  const next = dark === 'dark' ? 'light' : 'dark';
  dataset['theme'] = next;
  localStorage.setItem(KEY, next);
}
