import { flushSync } from 'react-dom';

/** Lets cards glide to their new places where the browser can; a change under an open sheet needs no show. */
export function glide(change: () => void): void {
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (calm || !('startViewTransition' in document) || document.querySelector('dialog[open]')) {
    change();
    return;
  }
  document.startViewTransition(() => {
    flushSync(change);
  });
}

/** A name by which the browser recognises the same card before and after. */
export function glideName(id: string): string {
  return `card-${id.replace(/[^\w-]/g, '-')}`;
}
