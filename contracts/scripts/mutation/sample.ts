/** `count` of the items, another choice for every seed (Lehmer's generator, modulus 2^31 - 1). */
export function sampled<Item>(items: readonly Item[], count: number, seed: number): readonly Item[] {
  const left = [...items];
  const taken: Item[] = [];
  let state = (Math.abs(Math.trunc(seed)) % 2_147_483_646) + 1;
  while (left.length > 0 && taken.length < count) {
    state = (state * 48_271) % 2_147_483_647;
    taken.push(...left.splice(state % left.length, 1));
  }
  return taken;
}
