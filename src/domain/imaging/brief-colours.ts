import type { Colour } from './palette-histogram.js';

const HEX = /#(?:[0-9a-f]{6}|[0-9a-f]{3})\b/gi;
/** More colours than this say no more than fewer. */
const MOST = 8;

/**
 * A brief may name its palette: 'an owl #1d3557 #e63946'. The colours, and the words without them. Pictures of one brief share one
 * palette this way, so that several are a set.
 */
export function briefColours(brief: string): { readonly words: string; readonly colours: readonly Colour[] } {
  const codes = brief.match(HEX) ?? [];
  return {
    words: brief.replace(HEX, ' ').replace(/\s+/g, ' ').trim(),
    colours: codes.slice(0, MOST).map(toColour),
  };
}

function toColour(code: string): Colour {
  const digits = code.slice(1);
  const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  const channel = (at: number) => Number.parseInt(full.slice(at, at + 2), 16);
  return [channel(0), channel(2), channel(4)];
}
