import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { shareRenewals } from './api/renewal.js';
import { App } from './app/App.js';
import { discoverWallets } from './session/wallets.js';
import './browser/theme.js';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/ops.css';

discoverWallets();
shareRenewals();
const host = document.getElementById('app');
if (host !== null) {
  createRoot(host).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
