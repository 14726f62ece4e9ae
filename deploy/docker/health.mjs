// HEALTHCHECK of the images, which have no curl: whether the program of this container lives; of the chain, that it answers. Whether it
// is ready is another question (/ready), which is asked by who sends it work: a first sync takes as long as it takes, and is no reason to restart.
const ANSWER_WITHIN_MS = 4_000;

const lives = async () => {
  const port = process.env.METRICS_PORT ?? process.env.PORT ?? '4000';
  return (await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }))
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

const isWell = await (process.argv[2] === 'chain' ? answers() : lives()).catch(() => false);
process.exitCode = isWell ? 0 : 1;
