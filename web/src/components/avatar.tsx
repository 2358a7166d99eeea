import type { CSSProperties } from 'react';

/** Initials on a colour of the person's own; the same name always gets the same colour. */
export function Avatar({ name }: { readonly name: string }) {
  const hue = Array.from(name).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const initials = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('')
    .toUpperCase();
  return (
    <span className="avatar" style={{ '--hue': hue } as CSSProperties} aria-hidden="true">
      {initials}
    </span>
  );
}
