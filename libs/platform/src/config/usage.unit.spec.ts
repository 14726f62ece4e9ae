import { describe, expect, it } from '@jest/globals';
import {
  loadApiConfig,
  loadIndexerConfig,
  loadProjectorConfig,
  loadWorkerConfig,
} from './program-configs.js';
import { usage } from './usage.js';

describe('the help of a program', () => {
  it('names the variables that it reads, and no others', () => {
    expect(usage('indexer', loadIndexerConfig)).toMatch(/^Usage: npm run indexer\n[^]*\n {2}DATABASE_URL\n/);
    expect(usage('indexer', loadIndexerConfig)).not.toContain('JWT_SECRET');
    expect(usage('api', loadApiConfig)).toContain('\n  JWT_SECRET\n');
    expect(usage('worker', loadWorkerConfig)).toContain('\n  RELAYER_PRIVATE_KEY\n');
    expect(usage('projector', loadProjectorConfig)).not.toContain('CHAIN_RPC_URLS');
  });
});
