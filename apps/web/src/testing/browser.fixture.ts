import { GlobalRegistrator } from '@happy-dom/global-registrator';

/** A document for components to be drawn in, in the place of a browser's. To be imported before them. */
GlobalRegistrator.register({
  url: 'http://localhost:4000/',
  settings: { disableJavaScriptFileLoading: true },
});
