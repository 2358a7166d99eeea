import '@fontsource-variable/figtree/wght.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/cards.css';
import './styles/sheet.css';
import './styles/item.css';
import './styles/studio.css';
import './styles/profile.css';
import './styles/webhooks.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './shell/app.js';
import { applyTheme } from './shell/theme.js';

applyTheme();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
