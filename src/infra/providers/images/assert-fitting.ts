import { DomainError } from '../../../domain/errors.js';
import { ROLES_WANTED, STARTS_FROM_PICTURE } from '../../../domain/imaging/picture-kind.js';
import type { PictureBrief } from '../../../flow/ports.js';

/** Throws where the brief lacks a picture that its kind cannot do without: before anything is sent or billed. */
export function assertFitting({ kind, from, references }: PictureBrief): void {
  if (STARTS_FROM_PICTURE.has(kind) && from === null)
    throw new DomainError('INVALID_INPUT', `${kind}: a picture to start from was wanted, none came`, {
      path: ['from'],
    });
  const roles = new Set(references.map(({ role }) => role));
  const missing = ROLES_WANTED[kind].filter((role) => !roles.has(role));
  if (missing.length === 0) return;
  throw new DomainError(
    'INVALID_INPUT',
    `${kind}: a reference picture of ${missing.join(' and ')} was wanted, none came`,
    { path: ['references'] },
  );
}
