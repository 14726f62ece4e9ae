import { describeLogStreamLaws } from '../laws/log-stream-laws.js';
import { MemoryLogStream, type MemoryTopics } from './memory-log-stream.js';

describeLogStreamLaws('memory', async () => {
  const topics: MemoryTopics = new Map();
  const [stream, other] = [new MemoryLogStream(topics), new MemoryLogStream(topics)];
  return {
    stream,
    other,
    close: async () => {
      await stream.close();
      await other.close();
    },
  };
});
