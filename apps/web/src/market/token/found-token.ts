import type { TokenQuery } from '../../api/operations.gen.js';

export type FoundToken = NonNullable<TokenQuery['token']>;
