import { HistoryFile, HistoryProvider, makeHistory } from '@abland/testing/long-history';

/** A history made and served by a process of its own: `chain-process.js <folder> <chain id> <port> <blocks> <logs a block>`. */
const [folder = '', chainId, port, blocks, logsABlock] = process.argv.slice(2);
const history = new HistoryFile(folder);
const options = {
  seed: 1,
  secondsABlock: 12,
  blocks: Number(blocks),
  logsABlock: Number(logsABlock),
  people: Math.max(100, Number(blocks)),
};
for (const block of makeHistory(options)) history.add(block);
const provider = await HistoryProvider.start(Number(chainId), history, Number(port));

export interface HeadMoved {
  readonly head: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Up to the head. */
  readonly logs: number;
}

process.on('message', (head: number) => {
  const at = Date.now();
  provider.moveTo(head);
  process.send?.({ head, at, logs: history.logsBefore(head + 1) } satisfies HeadMoved);
});
process.on('disconnect', () => process.exit());
process.send?.('READY');
