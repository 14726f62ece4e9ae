// HEALTHCHECK of the images, which have no curl: whether the program of this container says that it is ready; of the chain, that it answers.
const ANSWER_WITHIN_MS = 4_000;

const isReady = async () => {
  const port = process.env.METRICS_PORT ?? process.env.PORT ?? '4000';
  return (await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }))
    .ok;
};

async function answers() {
  const response = await fetch(`http://127.0.0.1:${process.env.CHAIN_PORT ?? '8545'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  return typeof (await response.json()).result === 'string';
}

const isWell = await (process.argv[2] === 'chain' ? answers() : isReady()).catch(() => false);
process.exitCode = isWell ? 0 : 1;
