// GraphiQL as the browser runs it; bundled by build.mjs and served by the API itself.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { explorerTabs } from './tabs.mjs';
import 'graphiql/style.css';
import './explorer.css';

const base = document.currentScript?.dataset.assets ?? '/graphiql/';
const workers = { json: 'json.worker.js', graphql: 'graphql.worker.js' };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(`${base}${workers[label] ?? 'editor.worker.js'}`),
};

createRoot(document.getElementById('explorer')).render(
  createElement(GraphiQL, {
    fetcher: createGraphiQLFetcher({ url: '/graphql' }),
    defaultTabs: explorerTabs,
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: false,
  }),
);
