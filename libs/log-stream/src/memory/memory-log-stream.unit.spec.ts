import { describeLogStreamLaws } from '../laws/log-stream-laws.js';
import { MemoryLogStream } from './memory-log-stream.js';

describeLogStreamLaws('memory', async () => {
  const stream = new MemoryLogStream();
  return { stream, close: () => stream.close() };
});
