import { useState } from 'react';
import type { GeneratedKind, ReferenceInput, ReferenceRole } from '../generated/graphql.js';
import { useOffers } from './kind-choice.js';
import { STRENGTH } from './strength.js';

type Given = Readonly<Partial<Record<ReferenceRole, string | null>>>;

/** The kind of picture that is wished for, with what it wants: reference pictures, and how far to go from its start. */
export function useWhat(fromWork: boolean) {
  const offers = useOffers(fromWork);
  const [wished, choose] = useState<GeneratedKind>(fromWork ? 'VARIATION' : 'IMAGE');
  const [given, setGiven] = useState<Given>({});
  const [wishedStrength, setStrength] = useState<number>(STRENGTH.usual);
  const offer = offers.find(({ kind }) => kind === wished) ?? offers[0];
  const wants = offer?.wants ?? [];
  const reference = wants.flatMap((role): ReferenceInput[] => {
    const id = given[role];
    return id ? [{ id, role }] : [];
  });
  return {
    ...{ offers, choose, wants, given, reference, setStrength },
    /** Null where the kind takes none. */
    strength: offer?.takesStrength ? wishedStrength : null,
    kind: offer?.kind ?? wished,
    give: (role: ReferenceRole, id: string | null) => setGiven((all) => ({ ...all, [role]: id })),
    isComplete: reference.length === wants.length,
  };
}
