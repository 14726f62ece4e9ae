import { expect, it } from '@jest/globals';
import { WEB_PAGES } from '../../api/src/http/web-app.js';
import { PATHS } from '../src/app/paths.js';

it('has a page for each path that the server answers with the app, and for no other', () => {
  expect(WEB_PAGES.filter((path) => !path.startsWith('/ops')).toSorted()).toEqual([...PATHS].toSorted());
});
