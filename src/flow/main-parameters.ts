import type { Surface } from '../domain/recommendation.js';

/** The main parameters of the order shown, in plain words (EU DSA art. 27). One text a surface; keep it true. */
export function mainParameters(surface: Surface): string {
  const order =
    'Items are ordered by what you clicked, favourited and asked for before, most recent first in weight; ' +
    'by what people with similar choices went on to choose; by the words and looks of the items; by the tastes you stated; ' +
    'and, where you ask for something in words, by how near the items are to them. ';
  const limits =
    'What you hid never returns, and what resembles something you wanted less of is moved down. ' +
    'About one place in twenty is filled by chance, so that new items get seen; such places are marked. ' +
    'With profiling off, the order is the same for everybody: what many people chose lately.';
  if (surface === 'GALLERY')
    return 'Generated works are shown newest first; search orders by how well the words match.';
  return order + limits;
}
