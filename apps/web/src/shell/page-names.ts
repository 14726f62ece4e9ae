import type { IconName } from '../ui/icons.js';

export interface PageName {
  readonly path: string;
  readonly name: string;
  readonly icon: IconName;
  /** After `g` it goes there. */
  readonly key: string;
}
