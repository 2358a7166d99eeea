import { DomainError } from '../domain/errors.js';
import { ROLES_WANTED, STARTS_FROM_PICTURE, type ReferenceRole } from '../domain/imaging/picture-kind.js';
import { BUNDLE_SIZES } from '../domain/imaging/bundle.js';
import type { Work } from '../domain/work.js';
import type { GenerateInput } from './generate-input.js';
import { pictureKindOf } from './picture-kind-of.js';

const MAX_PICTURES = 8;
const MAX_BRIEF = 400;
const MAX_REFERENCES = 4;

interface Check {
  readonly field: string;
  readonly fails: (input: GenerateInput) => boolean;
  readonly message: (input: GenerateInput) => string;
}

/** How many pictures of a kind may be asked for at once. */
function countsOf(kind: Work['kind']): { readonly least: number; readonly most: number } {
  return kind === 'BUNDLE' ? BUNDLE_SIZES : { least: 1, most: MAX_PICTURES };
}

export function fitsCount(kind: Work['kind'], count: number): boolean {
  const { least, most } = countsOf(kind);
  return Number.isInteger(count) && count >= least && count <= most;
}

export function countMessage(kind: Work['kind'], count: number): string {
  const { least, most } = countsOf(kind);
  return `count: ${least} to ${most} pictures were wanted for ${kind}, ${count} came`;
}

const missingRoles = (input: GenerateInput): ReferenceRole[] =>
  ROLES_WANTED[pictureKindOf(input)].filter((role) => !input.reference.some((given) => given.role === role));

/** One row per rule; the first that fails is told. */
const CHECKS: readonly Check[] = [
  {
    field: 'count',
    fails: ({ kind, count }) => !fitsCount(kind, count),
    message: ({ kind, count }) => countMessage(kind, count),
  },
  {
    field: 'remixOf',
    fails: ({ kind, remixOf }) => kind === 'BUNDLE' && remixOf !== null,
    message: () => 'remixOf: BUNDLE draws different things and starts from no picture; VARIATION does',
  },
  {
    field: 'brief',
    fails: ({ brief }) => (brief ?? '').length > MAX_BRIEF,
    message: ({ brief }) => `brief: at most ${MAX_BRIEF} characters were wanted, ${brief?.length ?? 0} came`,
  },
  {
    field: 'brief',
    fails: ({ brief, personalise, remixOf, basedOn }) =>
      (brief ?? '').trim() === '' && !personalise && remixOf === null && basedOn.length === 0,
    message: () =>
      'brief: words were wanted, since personalise is off and there is nothing to start from; none came',
  },
  {
    field: 'remixOf',
    fails: (input) => STARTS_FROM_PICTURE.has(pictureKindOf(input)) && input.remixOf === null,
    message: ({ kind }) => `remixOf: ${kind} needs the work it starts from, none came`,
  },
  {
    field: 'strength',
    fails: ({ strength }) => strength !== null && !(strength > 0 && strength <= 1),
    message: ({ strength }) => `strength: more than 0 and at most 1 was wanted, ${strength ?? ''} came`,
  },
  {
    field: 'reference',
    fails: ({ reference }) => reference.length > MAX_REFERENCES,
    message: ({ reference }) => `reference: at most ${MAX_REFERENCES} were wanted, ${reference.length} came`,
  },
  {
    field: 'reference',
    fails: (input) => missingRoles(input).length > 0,
    message: (input) =>
      `reference: ${input.kind} needs a picture of ${missingRoles(input).join(' and ')}, none came; upload it with createUpload`,
  },
  {
    field: 'reference',
    fails: (input) => input.reference.length > 0 && ROLES_WANTED[pictureKindOf(input)].length === 0,
    message: ({ kind }) => `reference: ${kind} takes none; SUBJECT and TRY_ON do`,
  },
  {
    field: 'deadlineSeconds',
    fails: ({ deadlineSeconds: s }) => s !== null && !(s >= 5 && s <= 86_400),
    message: ({ deadlineSeconds: s }) => `deadlineSeconds: 5 to 86400 was wanted, ${s ?? ''} came`,
  },
  {
    field: 'seed',
    fails: ({ seed }) => seed !== null && !(Number.isInteger(seed) && seed >= 0),
    message: ({ seed }) => `seed: a whole number from 0 was wanted, ${seed ?? ''} came`,
  },
];

export function assertSound(input: GenerateInput): void {
  const broken = CHECKS.find(({ fails }) => fails(input));
  if (broken)
    throw new DomainError('INVALID_INPUT', broken.message(input), { path: ['input', broken.field] });
}
