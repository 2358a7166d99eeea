import { memo } from 'react';
import { sentenceOf } from '../api/sentence-of.js';
import { useFavourites } from '../components/favourites.js';
import { HeartButton } from '../components/heart-button.js';
import { MadeBadge } from '../components/made-badge.js';
import { Picture } from '../components/picture.js';
import { shortDate } from '../components/short-date.js';
import { CARD_SIZES } from '../feed/feed-card.js';
import { useNotice } from '../shell/notices.js';
import { goTo } from '../shell/route.js';
import type { ShownWork } from './use-gallery.js';

interface WorkCardProps {
  readonly work: ShownWork;
  readonly fresh: boolean;
  /** It stands for others as well. */
  readonly stacked?: boolean;
  /** Why it stands here. */
  readonly reason?: string | undefined;
  /** Whether it is marked; left out while nothing is being marked. */
  readonly marked?: boolean;
  readonly onMark?: ((id: string) => void) | undefined;
}

export const WorkCard = memo(function WorkCard(props: WorkCardProps) {
  const { work, fresh, stacked = false, reason, marked = false, onMark } = props;
  const { isOn, toggle } = useFavourites();
  const notice = useNotice();
  return (
    <article className={fresh ? 'card fresh' : 'card'} data-item={work.id}>
      <button type="button" className="card-window" onClick={() => goTo({ item: work.id })}>
        <Picture media={work.media} sizes={CARD_SIZES} />
        <span className="visually-hidden">Open {work.title}</span>
      </button>
      <div className="card-badges">
        <MadeBadge />
        {stacked && <span className="badge">{work.stackSize} alike</span>}
      </div>
      {onMark && work.viewerIsAuthor && (
        <label className="card-mark">
          <input
            type="checkbox"
            aria-label={`Mark ${work.title}`}
            checked={marked}
            onChange={() => onMark(work.id)}
          />
        </label>
      )}
      <HeartButton
        title={work.title}
        on={isOn(work)}
        onToggle={() => void toggle(work).catch((error: unknown) => notice({ text: sentenceOf(error) }))}
      />
      <div className="card-body work-body">
        <h3 title={work.title}>{work.title}</h3>
        <p className="muted small">
          {work.viewerIsAuthor ? (work.visibility === 'PUBLIC' ? 'Yours, public' : 'Yours') : 'Shared'},{' '}
          {shortDate(work.createdAt)}
        </p>
        {reason !== undefined && <p className="reason">{reason}</p>}
      </div>
    </article>
  );
});
