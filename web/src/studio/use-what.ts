import { useState } from 'react';
import type { GeneratedKind, ReferenceInput, ReferenceRole } from '../generated/graphql.js';
import { useOffers } from './kind-choice.js';

type Given = Readonly<Partial<Record<ReferenceRole, string | null>>>;

/** The kind of picture that is wished for, and the reference pictures that it wants. */
export function useWhat(fromWork: boolean) {
  const offers = useOffers(fromWork);
  const [wished, choose] = useState<GeneratedKind>(fromWork ? 'VARIATION' : 'IMAGE');
  const [given, setGiven] = useState<Given>({});
  const offer = offers.find(({ kind }) => kind === wished) ?? offers[0];
  const wants = offer?.wants ?? [];
  const reference = wants.flatMap((role): ReferenceInput[] => {
    const id = given[role];
    return id ? [{ id, role }] : [];
  });
  return {
    ...{ offers, choose, wants, given, reference },
    kind: offer?.kind ?? wished,
    give: (role: ReferenceRole, id: string | null) => setGiven((all) => ({ ...all, [role]: id })),
    isComplete: reference.length === wants.length,
  };
}
