import { installedByGo } from './installed.js';

/** Path of actionlint, which reads GitHub's workflows as GitHub does. @throws with the reason why it cannot be had */
export const installActionlint = (): Promise<string> =>
  installedByGo('actionlint', '1.7.12', 'github.com/rhysd/actionlint/cmd/actionlint');
