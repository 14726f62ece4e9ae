import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { shareRenewals } from './api/renewal.js';
import { App } from './app/App.js';
import { speakFirst } from './messages/language.js';
import { discoverWallets } from './wallet/wallets.js';
import './browser/theme.js';
import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/market.css';

discoverWallets();
shareRenewals();
const host = document.getElementById('app');
if (host !== null) {
  void speakFirst().then(() =>
    createRoot(host).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  );
}
