import { shortDate } from '../components/short-date.js';
import type { ItemInFull } from './item.js';

interface ProvenanceSectionProps {
  readonly provenance: ItemInFull['provenance'];
  readonly made: boolean;
}

/** Where the picture comes from, and how it says so itself. */
export function ProvenanceSection({ provenance, made }: ProvenanceSectionProps) {
  const { marking, manifest, contentHash, provider, createdAt } = provenance;
  return (
    <section>
      <h3>Where it comes from</h3>
      <p className="small">
        {made
          ? `Made by ${provider ?? 'a model'} on ${shortDate(createdAt)}.`
          : 'Made by people, from the catalogue.'}
        {marking.embeddedMetadata &&
          ' Every size and format carries the AI mark in its metadata (IPTC trainedAlgorithmicMedia).'}
      </p>
      {manifest && (
        <p className="small">
          {manifest.verified ? 'Signed manifest, checked just now. ' : 'Its manifest does not hold. '}
          {manifest.why}
        </p>
      )}
      {contentHash && (
        <p className="small muted">
          SHA-256 of the original: <span className="hash">{contentHash}</span>
        </p>
      )}
    </section>
  );
}
