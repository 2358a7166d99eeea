import type { Colour } from './palette-histogram.js';

/** A colour as `#rrggbb`; channels from 0 to 255, rounded. */
export function hexCode(colour: Colour): string {
  return `#${colour.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
}
