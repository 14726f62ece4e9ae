import { describe, expect, it } from '@jest/globals';
import { dataElsewhereLines } from './data-elsewhere.js';

const told = (elsewhere: string | null): string => dataElsewhereLines(elsewhere, '/root/.abland').join('\n');

describe('a database that lies outside of the data folder', () => {
  it('is told of, where it does', () => {
    expect(told(null)).toBe('');
    expect(told('/var/lib/abland/data-a')).toContain('and /var/lib/abland/data-a: ');
    expect(told('/var/lib/abland/data-a')).not.toContain('mv ');
  });

  it('among temporary files is told with how it is moved, and stays found', () => {
    for (const place of ['/var/tmp', '/tmp'])
      expect(told(`${place}/abland-data-a`)).toContain(
        `mkdir -p /var/lib/abland && mv ${place}/abland-data-a /var/lib/abland/abland-data-a && ` +
          'ln -sfn /var/lib/abland/abland-data-a /root/.abland/database/postgres',
      );
  });
});
