import { memo, useEffect, useRef } from 'react';
import { HeartButton } from '../components/heart-button.js';
import { Icon } from '../components/icon.js';
import { MadeBadge } from '../components/made-badge.js';
import { Picture } from '../components/picture.js';
import type { FeedEdge } from './answer.js';
import { glideName } from './glide.js';

export interface CardActions {
  readonly open: (edge: FeedEdge) => void;
  readonly why: (edge: FeedEdge) => void;
  readonly favourite: (edge: FeedEdge) => void;
  readonly less: (edge: FeedEdge) => void;
  readonly hide: (edge: FeedEdge) => void;
  readonly seen: (element: Element, edge: FeedEdge) => () => void;
}

interface FeedCardProps {
  readonly edge: FeedEdge;
  readonly favourited: boolean;
  readonly leaving: boolean;
  readonly actions: CardActions;
}

export const CARD_SIZES = '(width < 700px) 46vw, (width < 960px) 31vw, (width < 1180px) 23vw, 250px';

export const FeedCard = memo(function FeedCard({ edge, favourited, leaving, actions }: FeedCardProps) {
  const card = useRef<HTMLElement>(null);
  const { node, explanation } = edge;
  const made = node.__typename === 'GeneratedItem';
  useEffect(() => (card.current ? actions.seen(card.current, edge) : undefined), [actions, edge]);
  return (
    <article
      ref={card}
      className={leaving ? 'card leaving' : 'card'}
      style={{ viewTransitionName: glideName(node.id) }}
      data-item={node.id}
    >
      <button type="button" className="card-window" onClick={() => actions.open(edge)}>
        <Picture media={node.media} sizes={CARD_SIZES} inset={!made} decorative />
        <span className="visually-hidden">Open {node.title}</span>
      </button>
      <div className="card-badges">
        {made && <MadeBadge />}
        {edge.explored && <span className="badge">By chance</span>}
      </div>
      <HeartButton title={node.title} on={favourited} onToggle={() => actions.favourite(edge)} />
      <div className="card-body">
        <h3 title={node.title}>{node.title}</h3>
        <p className="reason">{explanation?.text}</p>
      </div>
      <div className="card-actions">
        {explanation && (
          <button type="button" className="why" onClick={() => actions.why(edge)}>
            Why?<span className="visually-hidden"> Why is {node.title} here</span>
          </button>
        )}
        <IconAction name="less" label={`Less like ${node.title}`} onPress={() => actions.less(edge)} />
        <IconAction name="hide" label={`Hide ${node.title}`} onPress={() => actions.hide(edge)} />
      </div>
    </article>
  );
});

interface IconActionProps {
  readonly name: 'less' | 'hide';
  readonly label: string;
  readonly onPress: () => void;
}

function IconAction({ name, label, onPress }: IconActionProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={name === 'less' ? 'Less like this' : 'Hide'}
      onClick={onPress}
    >
      <Icon name={name} />
    </button>
  );
}
