const QUANT =
  /(?:^|[-_.:@/ ])((?:UD-)?(?:I?Q[1-8](?:_(?:[0-9]|[KSMLX]+))*|TQ[12]_0|BF16|FP?16|FP8|FP?32|MXFP4|NVFP4|AWQ|GPTQ|INT[48]|[2-8]bit|EXL[23]))(?=$|[-_.:@/ ])/i;

/** The quantisation that a model id or file name states ("qwen3-32b-Q4_K_M"); null when it states none. */
export function parseQuant(modelId: string): string | null {
  const found = QUANT.exec(modelId)?.[1];
  if (!found) return null;
  return /bit$/i.test(found) ? found.toLowerCase() : found.toUpperCase();
}
