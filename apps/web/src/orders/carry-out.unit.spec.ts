import { describe, expect, it } from '@jest/globals';
import type { Wallet } from '../wallet/wallet.js';
import { carryOut, type CarryOutPorts, NotCarriedOut, nothingDone, type Step } from './carry-out.js';

const ADDRESS = '0x0000000000000000000000000000000000000001';
const call = (data: string) => ({ chainId: 1, to: ADDRESS, data, value: '0' });
const approval = (data: string) => ({ ...call(data), amount: '1', allowance: '0' });
const RECEIPT = {
  ...{ chainId: 1, commandId: 'c', approvals: [], transaction: call('0x01'), signatureRequest: null },
};

interface Scene {
  readonly happened: string[];
  readonly ports: CarryOutPorts;
}

/** A wallet that does as told, and what happened in which order. */
function scene(answers: Partial<Wallet> = {}): Scene {
  const happened: string[] = [];
  const note = (what: string, answer: string) => {
    happened.push(what);
    return Promise.resolve(answer);
  };
  const wallet: Wallet = {
    ...{ id: 'w', name: 'W', icon: null, isDevelopment: false },
    connect: () => Promise.resolve(ADDRESS),
    onChain: () => Promise.resolve(),
    sign: () => Promise.resolve('0x'),
    signTyped: () => note('signed a request', '0x51'),
    send: ({ data }) => note(`sent ${data}`, `0xhash${data}`),
    ask: (method, [first]) => {
      if (method === 'eth_call') happened.push(`tried ${(first as { data: string }).data}`);
      return Promise.resolve(method === 'eth_call' ? '0x' : { status: '0x1' });
    },
    ...answers,
  };
  const steps: Step[] = [];
  const ports: CarryOutPorts = {
    ...{ wallet, address: ADDRESS, done: nothingDone(), looksMax: 3, answerMs: 60_000 },
    submitTransaction: (id, hash) => note(`told ${id} ${hash}`, '').then(() => undefined),
    submitSignature: (id, signature) => note(`told ${id} ${signature}`, '').then(() => undefined),
    onStep: (step) => steps.push(step),
    pause: () => Promise.resolve(),
  };
  return { happened, ports };
}

const failureOf = (work: Promise<void>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof NotCarriedOut ? error.failure : error),
  );

describe('an order that is carried out', () => {
  it('has its approvals tried, sent and mined before it is tried and sent itself, and its hash is told', async () => {
    const { happened, ports } = scene();
    await carryOut({ ...RECEIPT, approvals: [approval('0xa1'), approval('0xa2')] }, ports);
    expect(happened).toEqual([
      ...['tried 0xa1', 'sent 0xa1', 'tried 0xa2', 'sent 0xa2'],
      ...['tried 0x01', 'sent 0x01', 'told c 0xhash0x01'],
    ]);
  });

  it('is signed as a request where our sender sends it, and nothing is sent', async () => {
    const { happened, ports } = scene();
    const signatureRequest = { domain: {}, types: {}, primaryType: 'A', message: {} };
    await carryOut({ ...RECEIPT, transaction: null, signatureRequest }, ports);
    expect(happened).toEqual(['signed a request', 'told c 0x51']);
  });

  it('is not signed where the chain would refuse it', async () => {
    const { happened, ports } = scene({ ask: () => Promise.reject(new Error('reverted: PAUSED')) });
    expect(await failureOf(carryOut(RECEIPT, ports))).toEqual({
      why: 'simulation',
      told: 'reverted: PAUSED',
    });
    expect(happened).toEqual([]);
  });

  it('ends where the person says no, or an approval is refused or not mined', async () => {
    const declined = Object.assign(new Error('User rejected'), { code: 4001 });
    const no = scene({ send: () => Promise.reject(declined) });
    expect(await failureOf(carryOut(RECEIPT, no.ports))).toEqual({ why: 'declined' });
    const asking = (receipt: unknown) => (method: string) =>
      Promise.resolve(method === 'eth_call' ? '0x' : receipt);
    const receipt = { ...RECEIPT, approvals: [approval('0xa1')] };
    const refused = scene({ ask: asking({ status: '0x0' }) });
    expect(await failureOf(carryOut(receipt, refused.ports))).toEqual({
      why: 'approval',
      hash: '0xhash0xa1',
    });
    const late = scene({ ask: asking(null) });
    expect(await failureOf(carryOut(receipt, late.ports))).toEqual({ why: 'late', hash: '0xhash0xa1' });
    expect(late.happened).toEqual(['sent 0xa1']);
  });

  it('does nothing more where it was sent before', async () => {
    const { happened, ports } = scene();
    await carryOut({ ...RECEIPT, transaction: null }, ports);
    expect(happened).toEqual([]);
  });

  it('is sent once, whatever the server says of its hash: it is told again, and the chain tells it too', async () => {
    const { happened, ports } = scene();
    const deaf = { ...ports, submitTransaction: () => Promise.reject(new Error('503')) };
    await carryOut(RECEIPT, deaf);
    await carryOut(RECEIPT, ports);
    expect(happened).toEqual(['tried 0x01', 'sent 0x01', 'told c 0xhash0x01']);
  });

  it('is not sent again by itself where the wallet failed without a no: it may have been sent', async () => {
    const lost = scene({ send: () => Promise.reject(new Error('timeout')) });
    expect(await failureOf(carryOut(RECEIPT, lost.ports))).toEqual({ why: 'unsure', told: 'timeout' });
  });

  it('goes on after what was done: no approval is sent twice, no request signed twice', async () => {
    const declined = Object.assign(new Error('no'), { code: 4001 });
    const { happened, ports } = scene();
    const { wallet } = ports;
    const unwilling = {
      ...wallet,
      send: (one: Parameters<Wallet['send']>[0], from: string) =>
        one.data === '0x01' ? Promise.reject(declined) : wallet.send(one, from),
    };
    const receipt = { ...RECEIPT, approvals: [approval('0xa1')] };
    const told = await failureOf(carryOut(receipt, { ...ports, wallet: unwilling }));
    expect(told).toEqual({ why: 'declined-after-approval' });
    await carryOut(receipt, ports);
    expect(happened.filter((one) => one.startsWith('sent'))).toEqual(['sent 0xa1', 'sent 0x01']);
    const request = {
      ...{ ...RECEIPT, transaction: null },
      signatureRequest: { domain: {}, types: {}, primaryType: 'A', message: {} },
    };
    const other = scene();
    const deaf = { ...other.ports, submitSignature: () => Promise.reject(new Error('503')) };
    expect(await failureOf(carryOut(request, deaf))).toEqual({ why: 'other', told: '503' });
    await carryOut(request, other.ports);
    expect(other.happened).toEqual(['signed a request', 'told c 0x51']);
  });

  it('is signed on its own chain alone', async () => {
    const elsewhere = scene();
    const receipt = { ...RECEIPT, transaction: { ...call('0x01'), chainId: 2 } };
    expect(await failureOf(carryOut(receipt, elsewhere.ports))).toEqual({ why: 'chain' });
    const refused = scene({ onChain: () => Promise.reject(new Error('not there')) });
    expect(await failureOf(carryOut(RECEIPT, refused.ports))).toEqual({ why: 'other', told: 'not there' });
    expect([...elsewhere.happened, ...refused.happened]).toEqual([]);
  });

  it('waits for no wallet without end that has nobody to ask', async () => {
    const silent = scene({ ask: () => new Promise(() => undefined) });
    const told = await failureOf(carryOut(RECEIPT, { ...silent.ports, answerMs: 1 }));
    expect(told).toEqual({ why: 'simulation', told: 'The wallet does not answer' });
  });
});
