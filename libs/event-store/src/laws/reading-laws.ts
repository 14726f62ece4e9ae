import { UnknownPositionError } from '@abland/kernel';
import { expect, it } from '@jest/globals';
import type { StoreUnderTest } from './store-under-test.js';
import { collect, idsOf, sampleEvents } from './sample-events.js';

export function readingLaws({ store, stream }: StoreUnderTest): void {
  it('reads an absent stream as empty', async () => {
    expect(await collect(store().readStream(stream()))).toEqual([]);
    expect(await collect(store().readStream(stream(), { direction: 'backward' }))).toEqual([]);
  });

  it('reads a stream forward and backward from a revision on, up to a count', async () => {
    const name = stream();
    const events = sampleEvents(10);
    await store().append(name, events, 'no_stream');
    const read = async (options: Parameters<ReturnType<typeof store>['readStream']>[1]): Promise<string[]> =>
      idsOf(await collect(store().readStream(name, options)));
    expect(await read({ from: 4n })).toEqual(idsOf(events.slice(4)));
    expect(await read({ from: 4n, maxCount: 2 })).toEqual(idsOf(events.slice(4, 6)));
    expect(await read({ direction: 'backward' })).toEqual(idsOf(events.toReversed()));
    expect(await read({ direction: 'backward', from: 4n, maxCount: 3 })).toEqual(
      idsOf(events.slice(2, 5).reverse()),
    );
    expect(await read({ direction: 'backward', maxCount: 1 })).toEqual(idsOf(events.slice(9)));
    expect(await read({ from: 10n })).toEqual([]);
    expect(await read({ maxCount: 0 })).toEqual([]);
  });

  it('reads any part of a stream alike, in whatever appends it came', async () => {
    const [name, other] = [stream(), stream()];
    const appends = [1, 3, 1, 1, 5, 2].map((size) => sampleEvents(size));
    let revision = -1n;
    for (const events of appends) {
      await store().append(name, events, revision === -1n ? 'no_stream' : revision);
      await store().append(other, sampleEvents(2), 'any');
      revision += BigInt(events.length);
    }
    const ids = idsOf(appends.flat());
    for (let from = 0; from <= ids.length; from += 1) {
      for (const maxCount of [1, 2, 4, 100]) {
        const read = async (direction: 'forward' | 'backward'): Promise<string[]> =>
          idsOf(await collect(store().readStream(name, { direction, from: BigInt(from), maxCount })));
        expect(await read('forward')).toEqual(ids.slice(from, from + maxCount));
        expect(await read('backward')).toEqual(
          ids
            .slice(0, from + 1)
            .reverse()
            .slice(0, maxCount),
        );
      }
    }
  });

  it('reads the whole log in the order of positions, in pages', async () => {
    const start = (await store().head()) ?? undefined;
    const after = start === undefined ? {} : { after: start };
    const [one, other] = [stream(), stream()];
    const batches = Array.from({ length: 12 }, () => sampleEvents(7));
    for (const [index, batch] of batches.entries())
      await store().append(index % 2 ? one : other, batch, 'any');
    const pages: number[] = [];
    const seen = [];
    for await (const page of store().readAll({ ...after, pageSize: 10 })) {
      pages.push(page.length);
      seen.push(...page);
    }
    expect(idsOf(seen)).toEqual(idsOf(batches.flat()));
    expect(Math.max(...pages)).toBeLessThanOrEqual(10);
    for (const [index, event] of seen.entries()) {
      if (index > 0) expect(event.position).toBeGreaterThan(seen[index - 1]?.position ?? 0n);
    }
  });

  it('reads a part of the log, either way', async () => {
    const name = stream();
    await store().append(name, sampleEvents(9), 'no_stream');
    const stored = await collect(store().readStream(name));
    const at = (index: number): bigint => stored[index]?.position ?? 0n;
    const read = async (options: Parameters<ReturnType<typeof store>['readAll']>[0]): Promise<string[]> =>
      idsOf(await collect(store().readAll(options)));
    expect(await read({ after: at(1), until: at(4) })).toEqual(idsOf(stored.slice(2, 5)));
    expect(await read({ after: at(1), maxCount: 4, pageSize: 3 })).toEqual(idsOf(stored.slice(2, 6)));
    expect(await read({ direction: 'backward', maxCount: 3 })).toEqual(idsOf(stored.slice(6).reverse()));
    expect(await read({ direction: 'backward', after: at(5), until: at(2), pageSize: 2 })).toEqual(
      idsOf(stored.slice(2, 5).reverse()),
    );
    expect(await read({ after: at(8) })).toEqual([]);
    expect(await read({ after: at(2), until: at(2) })).toEqual([]);
    expect(await read({ maxCount: 0 })).toEqual([]);
  });

  it('reads from an event on, either way, by the position beside it', async () => {
    const name = stream();
    await store().append(name, sampleEvents(9), 'no_stream');
    const stored = await collect(store().readStream(name));
    const ids = idsOf(stored);
    const until = stored[0]?.position ?? 0n;
    for (const [index, { position }] of stored.entries()) {
      const ahead = await collect(store().readAll({ after: position - 1n, pageSize: 4 }));
      expect(idsOf(ahead)).toEqual(ids.slice(index));
      const back = { direction: 'backward', after: position + 1n, until, pageSize: 4 } as const;
      expect(idsOf(await collect(store().readAll(back)))).toEqual(ids.slice(0, index + 1).reverse());
    }
  });

  it('reads from where no event is what comes next, or refuses to by name', async () => {
    const name = stream();
    for (let count = 1; count < 4; count += 1) await store().append(name, sampleEvents(count), 'any');
    const stored = await collect(store().readStream(name));
    for (const [index, { position }] of stored.entries()) {
      const next = stored[index + 1]?.position ?? position;
      if (next - position < 4n) continue; // not where positions have no gaps
      const after = position + 2n;
      for (const [direction, expected] of [
        ['forward', stored[index + 1]],
        ['backward', stored[index]],
      ] as const) {
        const read = collect(store().readAll({ direction, after, maxCount: 1 }));
        const outcome = await read.then(idsOf, (error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UnknownPositionError);
        else expect(outcome).toEqual([expected?.id]);
      }
    }
  });

  it('filters the log by type and by stream prefix, both at once where both are given', async () => {
    const start = (await store().head()) ?? undefined;
    const after = start === undefined ? {} : { after: start };
    const [one, other] = [stream('left'), stream('right')];
    const [a, b, c, d] = [
      sampleEvents(2, 'Apples'),
      sampleEvents(2, 'Pears'),
      sampleEvents(2, 'Apples'),
      sampleEvents(2, 'Plums'),
    ];
    await store().append(one, a, 'any');
    await store().append(other, b, 'any');
    await store().append(other, c, 'any');
    await store().append(one, d, 'any');
    const read = async (filter: { types?: string[]; streamPrefixes?: string[] }): Promise<string[]> =>
      idsOf(await collect(store().readAll({ ...after, filter, pageSize: 3 })));
    expect(await read({ types: ['Apples'] })).toEqual(idsOf([...a, ...c]));
    expect(await read({ types: ['Apples', 'Plums'] })).toEqual(idsOf([...a, ...c, ...d]));
    expect(await read({ streamPrefixes: ['left'] })).toEqual(idsOf([...a, ...d]));
    expect(await read({ streamPrefixes: ['left', 'right'], types: ['Apples'] })).toEqual(idsOf([...a, ...c]));
    expect(await read({ types: ['Apples'], streamPrefixes: ['right'] })).toEqual(idsOf(c));
    expect(await read({ types: ['Cherries'] })).toEqual([]);
    expect(await read({ streamPrefixes: ['le_t', 'l%'] })).toEqual([]);
    expect(
      idsOf(
        await collect(store().readAll({ direction: 'backward', filter: { types: ['Apples'] }, maxCount: 3 })),
      ),
    ).toEqual(idsOf([...a, ...c].slice(1).reverse()));
  });

  it('lets a reader stop early', async () => {
    const name = stream();
    await store().append(name, sampleEvents(20), 'no_stream');
    for await (const page of store().readAll({ pageSize: 5 })) {
      expect(page.length).toBeLessThanOrEqual(5);
      break;
    }
    await store().append(name, sampleEvents(1), 19n);
  });
}
