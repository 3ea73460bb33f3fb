/** The real builds that were given; tools/up/conformance.mjs says which are missing and why. */
export const REAL_BUILDS = (['A', 'B', 'C'] as const).flatMap((generation) => {
  const binary = process.env[`LLAMA_SWAP_BIN_${generation}`];
  return binary ? [{ generation, binary }] : [];
});
