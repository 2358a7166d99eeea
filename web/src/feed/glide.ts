import { flushSync } from 'react-dom';

/** Lets cards glide to their new places where the browser can; a change under an open sheet needs no show. */
export function glide(change: () => void): void {
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (calm || !('startViewTransition' in document) || document.querySelector('dialog[open]')) {
    change();
    return;
  }
  const { ready, finished } = document.startViewTransition(() => {
    flushSync(change);
  });
  // a second change while the first still glides skips the first show, not the change
  const skipped = () => undefined;
  ready.catch(skipped);
  finished.catch(skipped);
}

/** A name by which the browser recognises the same card before and after. */
export function glideName(id: string): string {
  return `card-${id.replace(/[^\w-]/g, '-')}`;
}
