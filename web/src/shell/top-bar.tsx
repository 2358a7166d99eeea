import { Icon, type IconName } from '../components/icon.js';
import { PersonMenu } from './person-menu.js';
import { hrefOf, type Page } from './route.js';
import { StatusPill } from './status-pill.js';
import { switchTheme } from './theme.js';

const TABS: readonly { readonly page: Page; readonly name: string; readonly icon: IconName }[] = [
  { page: 'feed', name: 'For you', icon: 'home' },
  { page: 'gallery', name: 'Gallery', icon: 'grid' },
  { page: 'profile', name: 'Profile', icon: 'person' },
];

export function TopBar({ page }: { readonly page: Page }) {
  return (
    <header className="top">
      <div className="top-inner">
        <a className="brand" href={hrefOf({ page: 'feed' })}>
          <img src="/vitrine.svg" alt="" width="30" height="30" />
          Vitrine
        </a>
        <nav className="tabs" aria-label="Pages">
          {TABS.map((tab) => (
            <a
              key={tab.page}
              className="tab"
              href={hrefOf({ page: tab.page })}
              aria-current={tab.page === page ? 'page' : undefined}
            >
              <Icon name={tab.icon} size={19} />
              {tab.name}
            </a>
          ))}
          <a className="tab tab-make" href={hrefOf({ page, studio: true })}>
            <Icon name="spark" size={19} />
            Make one
          </a>
        </nav>
        <div className="top-end">
          <StatusPill />
          <button
            type="button"
            className="icon-button"
            aria-label="Switch between light and dark"
            onClick={switchTheme}
          >
            <Icon name="theme" />
          </button>
          <PersonMenu />
        </div>
      </div>
    </header>
  );
}
