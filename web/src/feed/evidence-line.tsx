import { Icon, type IconName } from '../components/icon.js';
import { Picture } from '../components/picture.js';
import { firstUp } from '../components/first-up.js';
import { shortDate } from '../components/short-date.js';
import { goTo } from '../shell/route.js';
import type { EvidenceFieldsFragment, EventType, CardContentFragment } from '../generated/graphql.js';

/** What the person did, in the past tense. */
const DID: Partial<Record<EventType, string>> = {
  CLICK: 'you opened it',
  FAVOURITE: 'you favourited it',
  RATE: 'you rated it',
  SHARE: 'you shared it',
  REMIX: 'you remixed it',
  DOWNLOAD: 'you downloaded it',
  CONVERT: 'you took it',
  DWELL: 'you stayed with it',
  VIEW: 'you looked at it',
};

const percent = (share: number) => `${String(Math.round(share * 100))} %`;

/** One stored fact behind a claim, in plain words, with the thing it is about. */
export function EvidenceLine({ evidence }: { readonly evidence: EvidenceFieldsFragment }) {
  switch (evidence.__typename) {
    case 'InteractionEvidence': {
      const { event, content } = evidence;
      const text = event
        ? `${DID[event.type] ?? 'you used it'} on ${shortDate(event.at)}.`
        : 'something you did.';
      return <Line content={content} icon="person" text={text} />;
    }
    case 'AttributeEvidence':
      return (
        <Line content={evidence.content} icon="tag" text={`${evidence.attribute} is ${evidence.value}.`} />
      );
    case 'NeighbourEvidence':
      return (
        <Line
          content={evidence.content}
          icon="group"
          text={`${String(evidence.cohortSize)} people wanted both; the two groups overlap by ${percent(evidence.overlap)}.`}
        />
      );
    case 'TrendEvidence':
      return <Line icon="trend" text={trendText(evidence)} />;
    case 'PreferenceEvidence':
      return <Line icon="heart" text={`your profile says ${evidence.attribute}: ${evidence.value}.`} />;
    case 'ExplorationEvidence':
      return (
        <Line
          icon="dice"
          text={`chance chose it: ${percent(evidence.rate)} of the places are kept for something new.`}
        />
      );
    case 'RequestEvidence':
      return <Line icon="heart" text={`you asked for “${evidence.words}”.`} />;
  }
}

function trendText({ window, count, change }: { window: string; count: number; change: number }): string {
  const direction = change >= 0 ? 'up' : 'down';
  return `wanted ${String(count)} times in the last ${window}, ${direction} ${percent(Math.abs(change))}.`;
}

interface LineProps {
  readonly content?: CardContentFragment | null | undefined;
  readonly icon: IconName;
  readonly text: string;
}

function Line({ content, icon, text }: LineProps) {
  return (
    <div className="evidence">
      {content ? <Picture media={content.media} sizes="46px" decorative /> : <Icon name={icon} size={24} />}
      <span>
        {content && (
          <>
            <button type="button" onClick={() => goTo({ item: content.id })}>
              {content.title}
            </button>
            {': '}
          </>
        )}
        {content ? text : firstUp(text)}
      </span>
    </div>
  );
}
