export { HistoryFile } from './history-file.js';
export { HistoryProvider } from './history-provider.js';
export { type HistoryOptions, makeHistory } from './history.js';
export { Traders } from './traders.js';
