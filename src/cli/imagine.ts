import { imagine, type Imagined } from '../flow/imagine.js';
import { catalogueFor } from '../flow/train-ranker.js';
import type { Deps } from '../wire.js';
import { personNamed } from './person-named.js';

export interface ImagineOptions {
  /** External id. */
  readonly person: string;
  readonly catalogue?: string;
  readonly first: number;
}

/** `imagine --person ID`: what the person would want next if it could be anything, and what exists around it. */
export async function imagineCommand(
  deps: Deps,
  { person, catalogue, first }: ImagineOptions,
): Promise<void> {
  const viewer = await personNamed(deps, person);
  const catalogueId = await catalogueFor(deps.ports, catalogue);
  process.stdout.write(`${told(await imagine(deps.ports, { viewer, catalogueId, first }))}\n`);
}

function told({ source, steps, guidance, uncertainty, distance, percentile, ...rest }: Imagined): string {
  const { nearest, facets, model } = rest;
  const knobs = [steps === null ? '' : `${steps} steps`, guidance === null ? '' : `guidance ${guidance}`];
  return [
    [`source ${source}`, ...knobs, `model ${model?.version ?? 'none'}`].filter(Boolean).join(', '),
    `distance to the nearest real item ${figure(distance)}, closer neighbours than that have ${percent(percentile)} of the items`,
    `uncertainty ${figure(uncertainty)}`,
    `shared: ${facets.map(({ attribute, value, weight }) => `${attribute} ${value} ${percent(weight)}`).join(', ') || 'nothing'}`,
    ...nearest.map(
      ({ item, similarity, seen }) =>
        `  ${similarity.toFixed(3)}  ${item.title} (${item.externalId})${seen ? ', known' : ''}`,
    ),
  ].join('\n');
}

const figure = (value: number | null) => (value === null ? 'unknown' : value.toFixed(3));
const percent = (share: number | null) => (share === null ? 'unknown' : `${Math.round(100 * share)} %`);
