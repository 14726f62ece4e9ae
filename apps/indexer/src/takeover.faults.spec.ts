import { silentLogger } from '@abland/kernel';
import { openPostgresLogStream } from '@abland/log-stream';
import { describeTakeover } from './takeover-laws.fixture.js';

describeTakeover('its log stream in PostgreSQL', async (connectionString) => {
  const stream = await openPostgresLogStream({ connectionString, logger: silentLogger });
  return { stream, env: {}, close: () => stream.close() };
});
