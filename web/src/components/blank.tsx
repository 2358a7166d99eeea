import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

interface BlankProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}

/** Where there is nothing to show: says why, and what to do next. */
export function Blank({ icon, title, children }: BlankProps) {
  return (
    <div className="blank">
      <Icon name={icon} size={44} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}
