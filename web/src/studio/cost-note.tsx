import { useQuery } from '@apollo/client/react';
import { EstimateGenerationDocument, type GeneratedKind } from '../generated/graphql.js';
import { estimateText } from './cost-text.js';

/** What this many pictures of a kind would cost this person now. */
export function useEstimate(kind: GeneratedKind, count: number) {
  const { data } = useQuery(EstimateGenerationDocument, {
    variables: { kind, count },
    fetchPolicy: 'cache-and-network', // each run changes what is left of the day
  });
  return data?.estimateGeneration ?? null;
}

export function CostNote({ estimate }: { readonly estimate: ReturnType<typeof useEstimate> }) {
  if (estimate === null) return null;
  return (
    <p className={estimate.affordable ? 'small muted' : 'message problem small'} role="status">
      {estimateText(estimate)}
    </p>
  );
}
